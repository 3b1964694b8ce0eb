package io.rootstock.evaluator.run;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.task.request.PromptFormat;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluator.lease.Lease;
import io.rootstock.evaluator.lease.RegistryClient;
import io.rootstock.evaluator.scoring.Classes;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import java.time.Duration;
import java.util.Optional;

/** The version of an evaluation, as the registry describes it. */
final class EvaluatedVersion {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private EvaluatedVersion() {}

    /**
     * Returns the classes of a version; empty if it is not a classifier. Waits while the registry is unavailable and the
     * lease is held.
     *
     * @throws FailedEvaluationException if the registry refuses the version
     */
    static Optional<Classes> classes(RegistryClient registry, String name, Lease lease) throws InterruptedException {
        while (true) {
            lease.requireHeld();
            try {
                Version version = registry.version(name);
                return version.getKind() == VersionKind.VERSION_KIND_CLASSIFIER
                        ? Optional.of(new Classes(name, version.getLabelsList()))
                        : Optional.empty();
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (code != Status.Code.UNAVAILABLE && code != Status.Code.DEADLINE_EXCEEDED) {
                    throw new FailedEvaluationException(name + " cannot be read from the registry: " + code + " "
                            + e.getStatus().getDescription());
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Returns the form of the requests. */
    static PromptFormat format(EvaluationSpec spec, Optional<Classes> classes) {
        if (classes.isPresent()) {
            return PromptFormat.CLASSIFIER;
        }
        return switch (spec.getPromptFormat()) {
            case PROMPT_FORMAT_CHAT -> PromptFormat.CHAT;
            case PROMPT_FORMAT_UNSPECIFIED, PROMPT_FORMAT_PLAIN -> PromptFormat.PLAIN;
            case UNRECOGNIZED ->
                throw new FailedEvaluationException("the prompt format " + spec.getPromptFormatValue()
                        + " is unknown\nhint: start an evaluator of the registry's release");
        };
    }
}
