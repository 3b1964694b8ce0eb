package io.rootstock.inference.serving;

import io.rootstock.inference.config.Variant;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.model.ModelLease;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.inference.serving.AliasStatus.CanaryStatus;
import io.rootstock.inference.serving.AliasStatus.State;
import io.rootstock.registry.v1.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Versions of one alias: the main version and, optionally, a canary. Guarded by the lock of {@link ServedModels}. */
final class Entry {
    private final Variant variant;
    private final Duration retry;
    private final Track main;
    private Track canaryTrack;
    private Optional<Canary> canary = Optional.empty();

    Entry(Variant variant, Duration retry) {
        this.variant = variant;
        this.retry = retry;
        this.main = new Track(retry);
        this.canaryTrack = new Track(retry);
    }

    Track main() {
        return main;
    }

    List<Track> tracks() {
        return List.of(main, canaryTrack);
    }

    /**
     * Sets the versions that the alias points to. A version that only changes its role is not loaded again.
     *
     * @return whether the canary was promoted and replaced the previous version immediately
     */
    boolean point(Version version, Optional<Canary> next) {
        main.want(wanted(version));
        boolean promoted = canaryTrack.version().equals(version.getName())
                && !main.version().equals(version.getName())
                && canaryTrack.take().map(main::loaded).orElse(false);
        if (!next.map(Canary::version).map(Version::getName).orElse("").equals(canaryTrack.wantedVersion())) {
            canaryTrack.swap(null);
            // A load in progress ends in the old track, which is unused from then on.
            canaryTrack = new Track(retry);
            next.ifPresent(wanted -> canaryTrack.want(wanted(wanted.version())));
        }
        canary = next;
        return promoted;
    }

    /** Sets a version whose loads fail with this error. */
    void refuse(String version, LoadException reason) {
        main.want(new Wanted(version, () -> {
            throw reason;
        }));
    }

    /** Requests the version that was served before the restart. */
    void resume(ServedVersion version) {
        main.resume(new Wanted(version.name(), () -> version));
    }

    void stop() {
        main.swap(null);
        canaryTrack.swap(null);
    }

    /** Leases the model that answers the request with this id. */
    Optional<ModelLease> lease(String requestId) {
        return canary.filter(wanted -> wanted.answers(requestId))
                .flatMap(_ -> healthyCanary())
                .flatMap(model -> model.lease(ModelLease.Role.CANARY))
                .or(this::lease);
    }

    /** Leases the model of the main version. */
    Optional<ModelLease> lease() {
        return main.current().flatMap(model -> model.lease(ModelLease.Role.MAIN));
    }

    /** Leases the main version or the canary by the version's name. */
    Optional<ModelLease> leaseVersion(String version) {
        return main.current()
                .filter(model -> model.version().name().equals(version))
                .flatMap(model -> model.lease(ModelLease.Role.MAIN))
                .or(() -> healthyCanary()
                        .filter(model -> model.version().name().equals(version))
                        .flatMap(model -> model.lease(ModelLease.Role.CANARY)));
    }

    /** Leases the model that receives shadow copies. */
    Optional<ModelLease> shadowLease() {
        return canary.filter(Canary::shadow)
                .flatMap(_ -> healthyCanary())
                .flatMap(model -> model.lease(ModelLease.Role.SHADOW));
    }

    private Optional<LoadedModel> healthyCanary() {
        return canaryTrack
                .current()
                .filter(model -> model.figures().stopReason().isEmpty());
    }

    AliasStatus status(String alias) {
        Optional<LoadedModel> model = main.current();
        return new AliasStatus(
                alias,
                main.version(),
                model.map(served -> served.version().kind().label()).orElse(""),
                model.map(served -> served.version().created()).orElse(0L),
                model.map(LoadedModel::contextLength).orElse(0),
                main.state(),
                main.pendingVersion(),
                main.error(),
                model.map(LoadedModel::activeRequests).orElse(0),
                model.map(LoadedModel::queuedRequests).orElse(0),
                model.map(LoadedModel::figures),
                canary.map(this::status));
    }

    private CanaryStatus status(Canary wanted) {
        Optional<LoadedModel> model = canaryTrack.current();
        String stopped = model.map(loaded -> loaded.figures().stopReason()).orElse("");
        return new CanaryStatus(
                wanted.version().getName(),
                wanted.percent(),
                wanted.shadow(),
                stopped.isEmpty() ? canaryTrack.state() : State.LOAD_FAILED,
                stopped.isEmpty() ? canaryTrack.error() : stopped,
                model.map(LoadedModel::figures));
    }

    private Wanted wanted(Version version) {
        return new Wanted(version.getName(), () -> ServedVersion.of(version, variant));
    }
}
