package io.rootstock.inference.serving;

import java.time.Duration;
import java.util.function.Supplier;

/** A version to have in a place of an alias, and why its last load failed. Guarded by the table's lock. */
final class Wanted {
    private final String name;
    private final Supplier<ServedVersion> version;
    private String error = "";
    private long failedAt;

    /**
     * Wants a version.
     *
     * @param version asked when it is loaded, so that what is wrong with it is a failed load
     */
    Wanted(String name, Supplier<ServedVersion> version) {
        this.name = name;
        this.version = version;
    }

    String name() {
        return name;
    }

    ServedVersion version() {
        return version.get();
    }

    /** Whether this version is the one that is wanted, in the format that is wanted. */
    boolean is(ServedVersion served) {
        try {
            return version.get().equals(served);
        } catch (LoadException _) {
            return false;
        }
    }

    void failed(Throwable why) {
        error = why.getMessage() == null ? why.toString() : why.getMessage();
        failedAt = System.nanoTime();
    }

    /** Why the last load failed; empty: it did not. */
    String error() {
        return error;
    }

    /** Whether it may be loaded: it never failed, or that is so long ago. */
    boolean due(Duration retry) {
        return error.isEmpty() || System.nanoTime() - failedAt > retry.toNanos();
    }
}
