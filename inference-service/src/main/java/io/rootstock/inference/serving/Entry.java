package io.rootstock.inference.serving;

import io.rootstock.inference.canary.CanaryFigures;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.model.ModelLease;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.inference.serving.AliasStatus.CanaryStatus;
import io.rootstock.inference.serving.AliasStatus.State;
import io.rootstock.registry.v1.CanaryServingState;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.GgufFile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Versions of one alias: the main version and, optionally, a canary. Guarded by the lock of {@link ServedModels}. */
final class Entry {
    private final GgufFile variant;
    private final Duration retry;
    private final Track main;
    private Track canaryTrack;
    private Optional<Canary> canary = Optional.empty();
    /** Counters of the canary's analysis; empty if it is not analysed. */
    private Optional<CanaryFigures> analysis = Optional.empty();

    Entry(GgufFile variant, Duration retry) {
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
        if (!version.getName().equals(main.wantedVersion()) || !isSameAnalysis(next)) {
            analysis = next.flatMap(Canary::analysis).map(_ -> new CanaryFigures());
        }
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

    /** Whether only the percentage of an analysed canary changes, or nothing. */
    private boolean isSameAnalysis(Optional<Canary> next) {
        return next.flatMap(Canary::analysis).equals(canary.flatMap(Canary::analysis))
                && next.map(Canary::version)
                        .map(Version::getName)
                        .equals(canary.map(Canary::version).map(Version::getName));
    }

    /** Sets a version whose loads fail with this error. */
    void refuse(String version, LoadException reason) {
        main.want(new WantedVersion(version, () -> {
            throw reason;
        }));
    }

    /** Requests the version that was served before the restart. */
    void resume(ServedVersion version) {
        main.resume(new WantedVersion(version.name(), () -> version));
    }

    void stop() {
        main.swap(null);
        canaryTrack.swap(null);
    }

    /** Leases the model that answers the request with this id. */
    Optional<ModelLease> lease(String requestId) {
        Optional<LoadedModel> second = healthyCanary();
        // Only requests that both versions could answer are compared.
        Optional<CanaryFigures> counted =
                analysis.filter(_ -> second.isPresent() && main.version().equals(main.wantedVersion()));
        return canary.filter(wanted -> wanted.answers(requestId))
                .flatMap(_ -> second)
                .flatMap(model -> model.lease(ModelLease.Role.CANARY, counted))
                .or(() -> main.current().flatMap(model -> model.lease(ModelLease.Role.MAIN, counted)));
    }

    /** Leases the model of the main version, outside of an analysis. */
    Optional<ModelLease> lease() {
        return main.current().flatMap(model -> model.lease(ModelLease.Role.MAIN, Optional.empty()));
    }

    /** Leases the main version or the canary by the version's name. */
    Optional<ModelLease> leaseVersion(String version) {
        return main.current()
                .filter(model -> model.version().name().equals(version))
                .flatMap(model -> model.lease(ModelLease.Role.MAIN, Optional.empty()))
                .or(() -> healthyCanary()
                        .filter(model -> model.version().name().equals(version))
                        .flatMap(model -> model.lease(ModelLease.Role.CANARY, Optional.empty())));
    }

    /** Leases the model that receives shadow copies. */
    Optional<ModelLease> shadowLease() {
        return canary.filter(Canary::shadow)
                .flatMap(_ -> healthyCanary())
                .flatMap(model -> model.lease(ModelLease.Role.SHADOW, analysis));
    }

    private Optional<LoadedModel> healthyCanary() {
        return canaryTrack
                .current()
                .filter(model -> model.figures().stopReason().isEmpty());
    }

    /** The canary if it is analysed. */
    Optional<AnalysedCanary> analysed(String alias) {
        return canary.flatMap(wanted -> analysis.map(figures -> new AnalysedCanary(
                alias,
                wanted.version().getName(),
                wanted.analysis().orElseThrow(),
                servingState(),
                status(wanted).error(),
                figures)));
    }

    private CanaryServingState servingState() {
        if (canaryTrack
                .current()
                .filter(model -> !model.figures().stopReason().isEmpty())
                .isPresent()) {
            return CanaryServingState.CANARY_SERVING_STATE_STOPPED;
        }
        return switch (canaryTrack.state()) {
            case READY -> CanaryServingState.CANARY_SERVING_STATE_SERVING;
            case LOADING, SWAPPING -> CanaryServingState.CANARY_SERVING_STATE_LOADING;
            case LOAD_FAILED -> CanaryServingState.CANARY_SERVING_STATE_LOAD_FAILED;
        };
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

    private WantedVersion wanted(Version version) {
        return new WantedVersion(version.getName(), () -> ServedVersion.of(version, variant));
    }
}
