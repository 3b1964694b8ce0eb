package io.rootstock.inference.serving;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One version's place in an alias: what is wanted there, what serves there, and what served there last. While nothing
 * serves, what served last is wanted too, and goes first: it is known to be good and on this machine. Guarded by the
 * table's lock.
 */
final class Track {
    private final Duration retry;
    private LoadedModel current;
    private Wanted wanted;
    private Wanted last;
    private Wanted resumed;
    private boolean loading;

    /**
     * An empty place.
     *
     * @param retry how long after a failed load the next may begin
     */
    Track(Duration retry) {
        this.retry = retry;
    }

    void want(Wanted version) {
        // What served before the service started may be the same version in another format.
        if (wanted == null || wanted == resumed || !wanted.name().equals(version.name())) {
            wanted = version;
        }
    }

    /** Wants what served before the service started, until something else is wanted, and also then until something serves. */
    void resume(Wanted version) {
        last = version;
        resumed = version;
        wanted = version;
    }

    /** The name of what is wanted; empty: nothing is. */
    String wantedVersion() {
        return wanted == null ? "" : wanted.name();
    }

    /** Whether this is (still) to be loaded. */
    boolean wants(Wanted version) {
        return (version == wanted && !settled()) || (version == last && current == null);
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

    /** Takes the model out so that another has room; where that other fails, it is loaded again. */
    Optional<LoadedModel> makeRoom() {
        Optional<LoadedModel> taken = take();
        taken.ifPresent(model -> last = new Wanted(model.version().name(), model::version));
        return taken;
    }

    private boolean settled() {
        return wanted == null || (current != null && wanted.is(current.version()));
    }

    /** What has to be loaded now; nothing while something is loading. */
    Optional<Wanted> due() {
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

    /** Lets a model serve here, and says whether it took the place of another version. */
    boolean loaded(LoadedModel model) {
        String before = last == null ? version() : last.name();
        swap(model);
        last = null;
        return !before.isEmpty() && !before.equals(version());
    }

    /** Why what is wanted could not be loaded; empty: it was not tried, or serves. */
    String error() {
        return settled() ? "" : wanted.error();
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
        if (!error().isEmpty()) {
            return AliasStatus.State.LOAD_FAILED;
        }
        return current == null ? AliasStatus.State.LOADING : AliasStatus.State.SWAPPING;
    }
}
