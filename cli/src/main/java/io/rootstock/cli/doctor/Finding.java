package io.rootstock.cli.doctor;

/**
 * Result of a check.
 *
 * @param check name of the check, for example {@code memory}
 * @param message the result, with the value and the limit
 * @param hint what to do; empty if nothing is to be done
 */
public record Finding(String check, Level level, String message, String hint) {
    /** Severity; one error gives {@code rootstock doctor} exit code 1. */
    public enum Level {
        /** Nothing is to be done. */
        OK,
        /** It works, but slowly, or not for long. */
        WARNING,
        /** Something does not work. */
        ERROR
    }

    static Finding ok(String check, String message) {
        return new Finding(check, Level.OK, message, "");
    }

    static Finding warning(String check, String message, String hint) {
        return new Finding(check, Level.WARNING, message, hint);
    }

    static Finding error(String check, String message, String hint) {
        return new Finding(check, Level.ERROR, message, hint);
    }
}
