package io.rootstock.trainer.plan;

/** Thrown for an invalid spec; names the field and the accepted values. */
public final class RefusedSpecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String reason;

    /**
     * Creates the exception.
     *
     * @param field path in the spec, such as {@code architecture.heads}
     * @param reason the error and the accepted values
     */
    public RefusedSpecException(String field, String reason) {
        super(field + ": " + reason);
        this.field = field;
        this.reason = reason;
    }

    /** Path of the invalid field in the spec. */
    public String field() {
        return field;
    }

    /** The error and the accepted values. */
    public String reason() {
        return reason;
    }

    static void unless(boolean accepted, String field, String reason) {
        if (!accepted) {
            throw new RefusedSpecException(field, reason);
        }
    }
}
