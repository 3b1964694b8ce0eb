package io.rootstock.registry.evaluation;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.evaluation.comparison.ScoredRow;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.job.JobStates;
import io.rootstock.service.Errors;
import io.rootstock.yaml.InvalidFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The row records of a succeeded evaluation in the artifact store.
 *
 * @param file the verified file; read only
 */
record StoredRows(Evaluation evaluation, Path file) {
    /**
     * Verifies the row records of an evaluation.
     *
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if it has not succeeded, DATA_LOSS if the file is damaged or
     *     missing
     */
    static StoredRows of(Evaluation evaluation, ArtifactStore store) {
        if (evaluation.getState() != JobState.JOB_STATE_SUCCEEDED) {
            throw Errors.failedPrecondition(
                    "WRONG_STATE",
                    evaluation.getName() + " is " + JobStates.column(evaluation.getState())
                            + "; its rows are stored once it has succeeded");
        }
        try {
            return new StoredRows(
                    evaluation, store.verified(Digest.parse(evaluation.getRows().getDigest())));
        } catch (UnreadableArtifactException e) {
            throw Errors.unavailable("ARTIFACT_UNREADABLE", evaluation.getName() + ": " + e.getMessage());
        } catch (ArtifactException e) {
            throw Errors.dataLoss(
                    "ROWS_CORRUPT",
                    "the rows of " + evaluation.getName() + " cannot be read: " + e.getMessage() + "; evaluate again");
        }
    }

    /** Reads a line; DATA_LOSS if it is not a record. */
    ScoredRow row(RowLines.Line line) {
        try {
            return ScoredRow.read(line.bytes(), evaluation.getName(), line.number());
        } catch (InvalidFileException e) {
            throw corrupt(e.getMessage());
        }
    }

    RuntimeException corrupt(String reason) {
        return Errors.dataLoss("ROWS_CORRUPT", "the rows of " + evaluation.getName() + " are invalid: " + reason);
    }

    /** Names of the tasks. */
    List<String> tasks() {
        return evaluation.getResultsList().stream().map(TaskResult::getTask).toList();
    }

    /** Names of a task's metrics; the first one judges the task. */
    List<String> metrics(String task) {
        return evaluation.getResultsList().stream()
                .filter(result -> result.getTask().equals(task))
                .flatMap(result -> result.getMetricsList().stream())
                .map(MetricResult::getMetric)
                .toList();
    }
}
