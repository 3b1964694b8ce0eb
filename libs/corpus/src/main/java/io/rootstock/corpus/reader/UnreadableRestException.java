package io.rootstock.corpus.reader;

/** The rest of a unit cannot be read. */
final class UnreadableRestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RefusedRecord rest;

    UnreadableRestException(String location, String reason) {
        super(location + ": " + reason);
        this.rest = new RefusedRecord(location, reason);
    }

    RefusedRecord rest() {
        return rest;
    }
}
