package io.rootstock.registry.evaluation;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.gguf.GgufChatTemplate;
import io.rootstock.evaluation.task.OutputType;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.PromptFormat;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteTask;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.service.Errors;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks that a version can read the prompts of an evaluation. */
public final class PromptFormats {
    private static final String SHOTS = "spec.shots";
    private static final Set<String> TASK_FILE_TYPES =
            List.of(OutputType.values()).stream().map(OutputType::key).collect(Collectors.toSet());

    private PromptFormats() {}

    /** Whether prompts are rendered with the chat template. */
    public static boolean isChat(PromptFormat format) {
        return format == PromptFormat.PROMPT_FORMAT_CHAT;
    }

    /**
     * Checks a known format.
     *
     * @param field path of the format
     */
    public static void requireKnown(PromptFormat format, String field) {
        if (format == PromptFormat.UNRECOGNIZED) {
            throw Errors.invalidArgument(field, "must be PROMPT_FORMAT_PLAIN or PROMPT_FORMAT_CHAT");
        }
    }

    /** Checks the tasks of a spec for its format and for the kind of its version. */
    public static void requireTasks(EvaluationSpec spec, Version version, SuiteRevision suite) {
        List<SuiteTask> tasks = suite.getTasksList().stream()
                .filter(task -> spec.getTasksCount() == 0 || spec.getTasksList().contains(task.getName()))
                .toList();
        if (version.getKind() == VersionKind.VERSION_KIND_CLASSIFIER) {
            requireClassified(spec, version, tasks);
        } else if (isChat(spec.getPromptFormat())) {
            tasks.stream()
                    .filter(task -> !TASK_FILE_TYPES.contains(task.getOutputType()))
                    .findFirst()
                    .ifPresent(task -> {
                        throw Errors.invalidArgument(
                                "spec.prompt_format",
                                "'" + task.getName()
                                        + "' is a CORE task, whose prompts are for bases; name other tasks");
                    });
        }
    }

    private static void requireClassified(EvaluationSpec spec, Version version, List<SuiteTask> tasks) {
        if (isChat(spec.getPromptFormat())) {
            throw Errors.failedPrecondition(
                    "WRONG_KIND", version.getName() + " is a classifier, which has no chat template; leave it unset");
        }
        if (spec.getShots() > 0) {
            throw Errors.invalidArgument(
                    SHOTS, "must be 0, was " + spec.getShots() + ": " + version.getName() + " is a classifier");
        }
        for (SuiteTask task : tasks) {
            if (!task.getOutputType().equals(OutputType.MULTIPLE_CHOICE.key())) {
                throw Errors.failedPrecondition(
                        "WRONG_KIND",
                        version.getName() + " is a classifier, and task '" + task.getName() + "' is "
                                + task.getOutputType() + "; name tasks of type multiple_choice");
            }
            if (!spec.hasShots() && task.getShots() > 0) {
                throw Errors.invalidArgument(
                        SHOTS,
                        "must be 0, and task '" + task.getName() + "' has " + task.getShots() + ": " + version.getName()
                                + " is a classifier");
            }
        }
    }

    /**
     * Checks that a version has a chat template, by the keys of its GGUF file.
     *
     * @param artifact file that is evaluated
     */
    public static void requireTemplate(Version version, Artifact artifact, ArtifactStore store) {
        // An adapter has the template of its base.
        Artifact file = version.getArtifactsList().stream()
                .filter(each -> each.getKind() == ArtifactKind.ARTIFACT_KIND_GGUF_BASE)
                .findFirst()
                .orElse(artifact);
        try (InputStream bytes = store.open(Digest.parse(file.getDigest()), 0)) {
            if (!GgufChatTemplate.isIn(bytes)) {
                throw Errors.failedPrecondition(
                        "NO_CHAT_TEMPLATE",
                        version.getName() + " has no chat template; evaluate it with plain prompts, without --chat");
            }
        } catch (ArtifactException | InvalidCheckpointException e) {
            throw Errors.failedPrecondition(
                    "NO_CHAT_TEMPLATE",
                    "the chat template of " + version.getName() + " cannot be read: " + e.getMessage()
                            + "; evaluate it with plain prompts, without --chat");
        } catch (IOException e) {
            throw Errors.unavailable(
                    "ARTIFACT_UNREADABLE", "the file of " + version.getName() + " cannot be read: " + e.getMessage());
        }
    }
}
