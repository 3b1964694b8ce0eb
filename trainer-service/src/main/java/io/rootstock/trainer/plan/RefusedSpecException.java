package io.rootstock.trainer.plan;

/** A spec that cannot be trained: which field, and what would be accepted. */
public final class RefusedSpecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String reason;

    /**
     * Creates the refusal.
     *
     * @param field path inside the spec, such as {@code architecture.heads}
     * @param reason what is wrong and what is accepted
     */
    public RefusedSpecException(String field, String reason) {
        super(field + ": " + reason);
        this.field = field;
        this.reason = reason;
    }

    /** Path of the field inside the spec. */
    public String field() {
        return field;
    }

    /** What is wrong and what is accepted. */
    public String reason() {
        return reason;
    }

    static void unless(boolean accepted, String field, String reason) {
        if (!accepted) {
            throw new RefusedSpecException(field, reason);
        }
    }
}
