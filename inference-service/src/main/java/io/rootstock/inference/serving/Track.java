package io.rootstock.inference.serving;

import io.rootstock.inference.model.LoadedModel;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Main version or canary of an alias: the wanted version, the version that serves, and the version that served last.
 * While none serves, the version that served last is loaded first, because its files are verified and local. Guarded by
 * the lock of {@link ServedModels}.
 */
final class Track {
    private final Duration retry;
    private LoadedModel current;
    private WantedVersion wanted;
    private WantedVersion last;
    private WantedVersion resumed;
    private boolean loading;

    /**
     * Creates a track without versions.
     *
     * @param retry delay after a failed load before the next attempt
     */
    Track(Duration retry) {
        this.retry = retry;
    }

    void want(WantedVersion version) {
        // The version served before the restart may be the wanted one in another quantization.
        if (wanted == null || wanted == resumed || !wanted.name().equals(version.name())) {
            wanted = version;
        }
    }

    /** Requests the version that served before the restart, until another one serves. */
    void resume(WantedVersion version) {
        last = version;
        resumed = version;
        wanted = version;
    }

    /** Name of the wanted version; empty if there is none. */
    String wantedVersion() {
        return wanted == null ? "" : wanted.name();
    }

    /** Whether this version is still to be loaded. */
    boolean wants(WantedVersion version) {
        return (version == wanted && !isCurrent()) || (version == last && current == null);
    }

    Optional<LoadedModel> current() {
        return Optional.ofNullable(current);
    }

    /**
     * Replaces the current model; the old one accepts no new requests and is freed after its last.
     *
     * @param next the new model; null for none
     */
    void swap(LoadedModel next) {
        LoadedModel before = current;
        current = next;
        if (before != null && before != next) {
            // Freeing waits for native code, which must not block the table.
            Thread.ofPlatform().name("model-unloader").start(before::retire);
        }
    }

    /** Removes the model without retiring it. */
    Optional<LoadedModel> take() {
        LoadedModel taken = current;
        current = null;
        return Optional.ofNullable(taken);
    }

    /** Removes the model to free memory for another; it is loaded again if the other fails. */
    Optional<LoadedModel> makeRoom() {
        Optional<LoadedModel> taken = take();
        taken.ifPresent(model -> last = new WantedVersion(model.version().name(), model::version));
        return taken;
    }

    private boolean isCurrent() {
        return wanted == null || (current != null && wanted.is(current.version()));
    }

    /** Whether a version is loaded, or none of the requested ones can be loaded. */
    boolean isSettled() {
        return current != null
                || Stream.of(Optional.ofNullable(last), Optional.ofNullable(wanted))
                        .flatMap(Optional::stream)
                        .allMatch(WantedVersion::isImpossible);
    }

    /** The version to load now; empty during a load. */
    Optional<WantedVersion> due() {
        return loading
                ? Optional.empty()
                : Stream.of(Optional.ofNullable(last), Optional.ofNullable(wanted))
                        .flatMap(Optional::stream)
                        .filter(version -> wants(version) && version.due(retry))
                        .findFirst();
    }

    void begin() {
        loading = true;
    }

    void end() {
        loading = false;
    }

    /** Makes a model serve; returns whether it replaced another version. */
    boolean loaded(LoadedModel model) {
        String before = last == null ? version() : last.name();
        swap(model);
        last = null;
        return !before.isEmpty() && !before.equals(version());
    }

    /** Reason of the last failed load of the wanted version; empty if there was none or the version serves. */
    String error() {
        return isCurrent() ? "" : wanted.error();
    }

    /** The version that serves; empty if none does. */
    String version() {
        return current == null ? "" : current.version().name();
    }

    /** The version that is loading or failed to load; empty if there is none. */
    String pendingVersion() {
        return isCurrent() ? "" : wanted.name();
    }

    AliasStatus.State state() {
        if (isCurrent()) {
            return AliasStatus.State.READY;
        }
        if (!error().isEmpty()) {
            return AliasStatus.State.LOAD_FAILED;
        }
        return current == null ? AliasStatus.State.LOADING : AliasStatus.State.SWAPPING;
    }
}
