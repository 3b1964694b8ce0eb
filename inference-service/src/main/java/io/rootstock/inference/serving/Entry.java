package io.rootstock.inference.serving;

import io.rootstock.inference.config.Variant;
import io.rootstock.inference.serving.AliasStatus.State;
import io.rootstock.inference.serving.AliasStatus.TrialStatus;
import io.rootstock.registry.v1.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is known of one alias: the version it points to and, beside it, one on trial. Guarded by the table's lock. */
final class Entry {
    private final Variant variant;
    private final Duration retry;
    private final Track main;
    private Track candidate;
    private Optional<Trial> trial = Optional.empty();

    Entry(Variant variant, Duration retry) {
        this.variant = variant;
        this.retry = retry;
        this.main = new Track(retry);
        this.candidate = new Track(retry);
    }

    Track main() {
        return main;
    }

    List<Track> tracks() {
        return List.of(main, candidate);
    }

    /**
     * Wants these versions. A version that has its place changed is not loaded again.
     *
     * @return whether the version on trial took the place of the one before by that
     */
    boolean point(Version version, Optional<Trial> next) {
        main.want(wanted(version));
        boolean promoted = candidate.version().equals(version.getName())
                && !main.version().equals(version.getName())
                && candidate.take().map(main::loaded).orElse(false);
        if (!next.map(Trial::version).map(Version::getName).orElse("").equals(candidate.wantedVersion())) {
            candidate.swap(null);
            // A load that is under way ends in the old track, where nobody looks.
            candidate = new Track(retry);
            next.ifPresent(wanted -> candidate.want(wanted(wanted.version())));
        }
        trial = next;
        return promoted;
    }

    /** Wants the version that was served last. */
    void resume(ServedVersion version) {
        main.resume(new Wanted(version.name(), () -> version));
    }

    void stop() {
        main.swap(null);
        candidate.swap(null);
    }

    /** The model that a request with this id gets. */
    Optional<LoadedModel.Lease> lease(String requestId) {
        return trial.filter(wanted -> wanted.answers(requestId))
                .flatMap(_ -> healthyCandidate())
                .flatMap(model -> model.lease(LoadedModel.Part.CANDIDATE))
                .or(this::lease);
    }

    /** The model that the alias points to. */
    Optional<LoadedModel.Lease> lease() {
        return main.current().flatMap(model -> model.lease(LoadedModel.Part.MAIN));
    }

    /** The model that gets copies of requests. */
    Optional<LoadedModel.Lease> shadowLease() {
        return trial.filter(Trial::shadow)
                .flatMap(_ -> healthyCandidate())
                .flatMap(model -> model.lease(LoadedModel.Part.SHADOW));
    }

    private Optional<LoadedModel> healthyCandidate() {
        return candidate.current().filter(model -> model.figures().stopReason().isEmpty());
    }

    AliasStatus status(String alias) {
        Optional<LoadedModel> model = main.current();
        return new AliasStatus(
                alias,
                main.version(),
                model.map(served -> served.version().kind().label()).orElse(""),
                main.state(),
                main.pendingVersion(),
                main.error(),
                model.map(LoadedModel::activeRequests).orElse(0),
                model.map(LoadedModel::queuedRequests).orElse(0),
                model.map(LoadedModel::figures),
                trial.map(this::status));
    }

    private TrialStatus status(Trial wanted) {
        Optional<LoadedModel> model = candidate.current();
        String stopped = model.map(loaded -> loaded.figures().stopReason()).orElse("");
        return new TrialStatus(
                wanted.version().getName(),
                wanted.percent(),
                wanted.shadow(),
                stopped.isEmpty() ? candidate.state() : State.LOAD_FAILED,
                stopped.isEmpty() ? candidate.error() : stopped,
                model.map(LoadedModel::figures));
    }

    private Wanted wanted(Version version) {
        return new Wanted(version.getName(), () -> ServedVersion.of(version, variant));
    }
}
