package io.rootstock.inference.serving;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One version's place in an alias: what is wanted there, what serves there, and how the last load went. Guarded by the
 * table's lock.
 */
final class Track {
    private static final long RETRY_NANOSECONDS = TimeUnit.SECONDS.toNanos(60);

    private LoadedModel current;
    private Wanted wanted;
    private String error = "";
    private long failedAt;
    private boolean loading;

    /** A version, read when it is loaded so that what is wrong with it is a failed load. */
    record Wanted(String name, Supplier<ServedVersion> version) {}

    void want(Wanted version) {
        if (wanted == null || !wanted.name().equals(version.name())) {
            wanted = version;
            error = "";
        }
    }

    Wanted wanted() {
        return wanted;
    }

    Optional<LoadedModel> current() {
        return Optional.ofNullable(current);
    }

    /** Puts a model (null: none) in the place of the present one, which takes no new requests and is freed after its last. */
    void swap(LoadedModel next) {
        LoadedModel before = current;
        current = next;
        if (before != null && before != next) {
            // Freeing waits for native work, which must not hold up the table.
            Thread.ofPlatform().name("model-unloader").start(before::retire);
        }
    }

    /** Takes the model out of this place without retiring it. */
    Optional<LoadedModel> take() {
        LoadedModel taken = current;
        current = null;
        return Optional.ofNullable(taken);
    }

    boolean settled() {
        return wanted == null || (current != null && current.version().name().equals(wanted.name()));
    }

    boolean due() {
        return !loading && !settled() && (error.isEmpty() || System.nanoTime() - failedAt > RETRY_NANOSECONDS);
    }

    Wanted begin() {
        loading = true;
        return wanted;
    }

    void end() {
        loading = false;
    }

    void loaded(LoadedModel model) {
        swap(model);
        error = "";
    }

    void failed(RuntimeException why) {
        error = why.getMessage() == null ? why.toString() : why.getMessage();
        failedAt = System.nanoTime();
    }

    String error() {
        return error;
    }

    /** The version that serves here; empty: none. */
    String version() {
        return current == null ? "" : current.version().name();
    }

    /** The version that is loading or failed to load; empty: none. */
    String pendingVersion() {
        return settled() ? "" : wanted.name();
    }

    AliasStatus.State state() {
        if (settled()) {
            return AliasStatus.State.READY;
        }
        if (!error.isEmpty()) {
            return AliasStatus.State.LOAD_FAILED;
        }
        return current == null ? AliasStatus.State.LOADING : AliasStatus.State.SWAPPING;
    }
}
