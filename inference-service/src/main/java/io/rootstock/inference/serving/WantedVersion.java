package io.rootstock.inference.serving;

import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.ServedVersion;
import java.time.Duration;
import java.util.function.Supplier;

/** A version to load, with the error of its last failed load. Guarded by the lock of {@link ServedModels}. */
final class WantedVersion {
    private final String name;
    private final Supplier<ServedVersion> version;
    private String error = "";
    private boolean impossible;
    private long failedAt;

    /**
     * Creates a version to load.
     *
     * @param version evaluated at each load, so that its errors count as a failed load
     */
    WantedVersion(String name, Supplier<ServedVersion> version) {
        this.name = name;
        this.version = version;
    }

    String name() {
        return name;
    }

    ServedVersion version() {
        return version.get();
    }

    /** Whether this is the wanted version in the wanted quantization. */
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
        impossible = !isOutage(why);
    }

    /** Reason of the last failed load; empty if there was none. */
    String error() {
        return error;
    }

    /** Whether the last load failed for a reason other than an outage of the artifact store. */
    boolean isImpossible() {
        return impossible;
    }

    private static boolean isOutage(Throwable why) {
        return why != null && (why instanceof UnreadableArtifactException || isOutage(why.getCause()));
    }

    /** Whether it may be loaded: it never failed, or the retry delay has passed. */
    boolean due(Duration retry) {
        return error.isEmpty() || System.nanoTime() - failedAt > retry.toNanos();
    }
}
