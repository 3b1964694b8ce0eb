package io.rootstock.registry.evaluation;

import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteTask;
import io.rootstock.names.EnumNames;
import io.rootstock.names.SuiteReference;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Validates specs of evaluations and chooses the file of a version that is evaluated. */
final class EvaluationSpecCheck {
    private static final String QUANTIZATION = "spec.quantization";

    private EvaluationSpecCheck() {}

    /** Validates the fields that do not need the database. */
    static void fields(EvaluationSpec spec) {
        RequestNames.parse(spec.getVersion(), "spec.version", VersionReference::parse);
        RequestNames.parse(spec.getSuite(), "spec.suite", SuiteReference::parse);
        if (spec.getTasksCount() > TaskLimits.TASKS) {
            throw Errors.invalidArgument(
                    "spec.tasks", "must be at most " + TaskLimits.TASKS + ", were " + spec.getTasksCount());
        }
        Set<String> tasks = new HashSet<>();
        for (int i = 0; i < spec.getTasksCount(); i++) {
            if (!tasks.add(spec.getTasks(i))) {
                throw Errors.invalidArgument("spec.tasks[" + i + "]", "duplicate task '" + spec.getTasks(i) + "'");
            }
        }
        if (spec.getLimit() < 0) {
            throw Errors.invalidArgument("spec.limit", "must be at least 0, was " + spec.getLimit());
        }
        if (spec.getShots() < 0 || spec.getShots() > TaskLimits.SHOTS) {
            throw Errors.invalidArgument("spec.shots", "must be 0 to " + TaskLimits.SHOTS + ", was " + spec.getShots());
        }
        PromptFormats.requireKnown(spec.getPromptFormat(), "spec.prompt_format");
        if (spec.getQuantization() != ArtifactKind.ARTIFACT_KIND_UNSPECIFIED
                && GgufFile.of(spec.getQuantization()).isEmpty()) {
            throw Errors.invalidArgument(
                    QUANTIZATION,
                    "must be GGUF_F32, GGUF_F16, GGUF_Q8_0, GGUF_Q4_K_M or GGUF_ORIGINAL, is "
                            + spec.getQuantization());
        }
    }

    /** Checks that the suite has the spec's tasks. */
    static void tasks(EvaluationSpec spec, SuiteRevision suite) {
        List<String> known =
                suite.getTasksList().stream().map(SuiteTask::getName).toList();
        for (int i = 0; i < spec.getTasksCount(); i++) {
            if (!known.contains(spec.getTasks(i))) {
                throw Errors.invalidArgument(
                        "spec.tasks[" + i + "]",
                        "'" + spec.getTasks(i) + "' is not a task of " + suite.getName() + "; its tasks: "
                                + String.join(", ", known));
            }
        }
    }

    /**
     * Returns the artifact of a version that is loaded: its GGUF file, or its adapter if the version is an adapter on a
     * shared base; FAILED_PRECONDITION if the version cannot be evaluated or lacks the file.
     */
    static Artifact artifact(EvaluationSpec spec, Version version) {
        ArtifactKind wanted = spec.getQuantization();
        if (find(version, ArtifactKind.ARTIFACT_KIND_GGUF_BASE).isPresent()) {
            if (wanted != ArtifactKind.ARTIFACT_KIND_UNSPECIFIED) {
                throw Errors.failedPrecondition(
                        "NO_ARTIFACT",
                        version.getName() + " is an adapter on a shared base, whose file it always uses; leave the"
                                + " quantization unset");
            }
            return find(version, ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER)
                    .orElseThrow(() -> Errors.failedPrecondition(
                            "NO_ARTIFACT",
                            version.getName()
                                    + " has a shared base and no GGUF adapter; create the version again with its"
                                    + " GGUF_ADAPTER"));
        }
        return (wanted == ArtifactKind.ARTIFACT_KIND_UNSPECIFIED
                        ? find(version, ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0)
                                .or(() -> files(version).stream().findFirst())
                        : find(version, wanted))
                .orElseThrow(() -> missing(version, wanted));
    }

    private static RuntimeException missing(Version version, ArtifactKind wanted) {
        String existing = files(version).stream()
                .map(artifact -> EnumNames.of(artifact.getKind()))
                .collect(Collectors.joining(", "));
        GgufFile created = GgufFile.of(wanted).orElse(GgufFile.Q8_0);
        String remedy = GgufFile.MADE.contains(created)
                ? "create it with `rootstock models quantize "
                        + VersionName.parse(version.getName()).shortName() + " --quantization " + created.label() + "`"
                : "choose another";
        return Errors.failedPrecondition(
                "NO_ARTIFACT",
                version.getName() + " has no "
                        + (existing.isEmpty() ? "GGUF file" : EnumNames.of(wanted) + " file, it has " + existing) + "; "
                        + remedy);
    }

    private static List<Artifact> files(Version version) {
        return version.getArtifactsList().stream()
                .filter(artifact -> GgufFile.of(artifact.getKind()).isPresent())
                .toList();
    }

    private static Optional<Artifact> find(Version version, ArtifactKind kind) {
        return version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst();
    }
}
