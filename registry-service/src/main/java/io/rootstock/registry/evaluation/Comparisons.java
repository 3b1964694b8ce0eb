package io.rootstock.registry.evaluation;

import io.grpc.Context;
import io.grpc.Status;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.comparison.EvaluationScores;
import io.rootstock.evaluation.comparison.MetricDifference;
import io.rootstock.evaluation.comparison.TaskDifference;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluation.v1.Verdict;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares evaluations row by row. Files are read once; of each row only numbers are kept. */
@ApplicationScoped
public class Comparisons {
    /** Bytes of row records, about a minute of reading. */
    private static final long MAX_BYTES = 8L << 30;

    /**
     * Whether two evaluations have scored the same rows. Rows of one prompt format are equal if their requests are. Requests of
     * different formats differ, so that these evaluations must have the same suite revision and the same examples.
     *
     * @param chatDiffers whether one of them has chat prompts
     * @param sameSuite whether both have the same suite revision
     * @param sameSeed whether both have the same seed of examples
     */
    private record RowIdentity(boolean chatDiffers, boolean sameSuite, boolean sameSeed) {
        static RowIdentity of(Evaluation first, Evaluation second) {
            return new RowIdentity(
                    PromptFormats.isChat(first.getSpec().getPromptFormat())
                            != PromptFormats.isChat(second.getSpec().getPromptFormat()),
                    first.getResolved()
                            .getSuiteRevision()
                            .equals(second.getResolved().getSuiteRevision()),
                    MatchingEvaluations.seed(first.getSpec()) == MatchingEvaluations.seed(second.getSpec()));
        }

        /** Whether the rows of a task have different prompt formats: text, messages, or a text to classify. */
        boolean formatsDiffer(TaskResult first, TaskResult second) {
            return chatDiffers || first.getClassified() != second.getClassified();
        }

        /** Returns the reason why results of a task in different formats cannot be compared; empty if they can. */
        Optional<String> mismatch(TaskResult first, TaskResult second) {
            if (!formatsDiffer(first, second) || (sameSuite && (sameSeed || first.getShots() == 0))) {
                return Optional.empty();
            }
            return Optional.of("the prompt formats differ, and also the " + (sameSuite ? "seeds" : "suite revisions")
                    + "; evaluate both with the same suite revision and seed");
        }
    }

    private final Evaluations evaluations;
    private final ArtifactStore store;
    private final RowWork work;

    /**
     * Creates the operation.
     *
     * @param work limits the comparisons at the same time
     */
    @Inject
    public Comparisons(Evaluations evaluations, ArtifactStore store, RowWork work) {
        this.evaluations = evaluations;
        this.store = store;
        this.work = work;
    }

    /** Compares two succeeded evaluations; FAILED_PRECONDITION if no task of both can be compared. */
    public List<TaskComparison> compare(CompareEvaluationsRequest request) {
        StoredRows first = rows(request.getFirst(), "first");
        StoredRows second = rows(request.getSecond(), "second");
        Map<String, String> reasons = new LinkedHashMap<>();
        Map<String, List<String>> metrics = new LinkedHashMap<>();
        RowIdentity identity = RowIdentity.of(first.evaluation(), second.evaluation());
        List<String> tasks =
                first.tasks().stream().filter(second.tasks()::contains).toList();
        for (String task : tasks) {
            List<String> common = first.metrics(task).stream()
                    .filter(second.metrics(task)::contains)
                    .toList();
            mismatch(result(first, task), result(second, task), common)
                    .or(() -> identity.mismatch(result(first, task), result(second, task)))
                    .ifPresentOrElse(reason -> reasons.put(task, reason), () -> metrics.put(task, common));
        }
        try (RowWork.Permit _ = work.begin()) {
            return compared(first, second, tasks, reasons, metrics, identity);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read row records", e);
        }
    }

    private StoredRows rows(String name, String field) {
        StoredRows rows = StoredRows.of(evaluations.get(RequestNames.id(Evaluations.COLLECTION, name, field)), store);
        long bytes = rows.evaluation().getRows().getBytes();
        if (bytes > MAX_BYTES) {
            throw Errors.failedPrecondition(
                    "TOO_MANY_ROWS",
                    name + " has " + bytes + " bytes of row records, more than " + MAX_BYTES
                            + "; compare evaluations of fewer tasks or rows");
        }
        return rows;
    }

    private static TaskResult result(StoredRows rows, String task) {
        return rows.evaluation().getResultsList().stream()
                .filter(result -> result.getTask().equals(task))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<String> mismatch(TaskResult first, TaskResult second, List<String> common) {
        if (first.getShots() != second.getShots()) {
            return Optional.of("the first evaluation has " + first.getShots() + " few-shot examples, the second "
                    + second.getShots() + "; evaluate both with the same shots");
        }
        return common.isEmpty()
                ? Optional.of("the evaluations have no metric in common; evaluate both with the same suite")
                : Optional.empty();
    }

    private static List<TaskComparison> compared(
            StoredRows first,
            StoredRows second,
            List<String> tasks,
            Map<String, String> reasons,
            Map<String, List<String>> metrics,
            RowIdentity identity)
            throws IOException {
        EvaluationScores firstScores = scores(first, metrics);
        EvaluationScores secondScores = scores(second, metrics);
        List<TaskDifference> differences = new ArrayList<>();
        for (String task : metrics.keySet()) {
            requireWanted();
            try {
                Optional<String> mismatch = TaskDifference.mismatch(
                        firstScores.task(task),
                        secondScores.task(task),
                        !identity.formatsDiffer(result(first, task), result(second, task)));
                if (mismatch.isPresent()) {
                    reasons.put(task, mismatch.get());
                } else {
                    differences.add(TaskDifference.of(task, firstScores.task(task), secondScores.task(task)));
                }
            } catch (IllegalArgumentException e) {
                reasons.put(task, e.getMessage());
            }
        }
        if (differences.isEmpty()) {
            throw Errors.failedPrecondition(
                    "NOT_COMPARABLE",
                    tasks.isEmpty()
                            ? "the evaluations have no task in common"
                            : "no task of both evaluations can be compared: " + tasks.getFirst() + ": "
                                    + reasons.get(tasks.getFirst()));
        }
        Map<String, TaskDifference> byTask = new LinkedHashMap<>();
        TaskDifference.adjusted(differences).forEach(task -> byTask.put(task.task(), task));
        return tasks.stream()
                .map(task -> byTask.containsKey(task)
                        ? message(byTask.get(task))
                        : TaskComparison.newBuilder()
                                .setTask(task)
                                .setNotComparable(reasons.get(task))
                                .build())
                .toList();
    }

    private static EvaluationScores scores(StoredRows rows, Map<String, List<String>> metrics) throws IOException {
        try (RowLines lines = RowLines.open(rows.evaluation().getName(), rows.file())) {
            EvaluationScores scores = new EvaluationScores(metrics);
            for (Optional<RowLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                requireWanted();
                scores.add(rows.row(line.get()));
            }
            return scores;
        } catch (IllegalArgumentException e) {
            throw Errors.failedPrecondition("NOT_COMPARABLE", rows.evaluation().getName() + ": " + e.getMessage());
        }
    }

    /** Ends a comparison whose client no longer waits for it. */
    private static void requireWanted() {
        if (Context.current().isCancelled()) {
            throw Status.CANCELLED
                    .withDescription("the client cancelled the call")
                    .asRuntimeException();
        }
    }

    private static TaskComparison message(TaskDifference task) {
        TaskComparison.Builder message = TaskComparison.newBuilder()
                .setTask(task.task())
                .setRows(task.rows())
                .setWins(task.wins())
                .setLosses(task.losses());
        task.metrics().forEach(metric -> message.addMetrics(message(metric)));
        return message.build();
    }

    private static MetricComparison message(MetricDifference metric) {
        return MetricComparison.newBuilder()
                .setMetric(metric.metric())
                .setFirst(metric.first())
                .setSecond(metric.second())
                .setDifference(metric.difference())
                .setLower(metric.interval().low())
                .setUpper(metric.interval().high())
                .setPValue(metric.pValue())
                .setAdjustedPValue(metric.adjustedPValue())
                .setVerdict(
                        switch (metric.verdict()) {
                            case BETTER -> Verdict.VERDICT_BETTER;
                            case WORSE -> Verdict.VERDICT_WORSE;
                            case NO_DIFFERENCE -> Verdict.VERDICT_NO_DIFFERENCE;
                            case UNDEFINED -> Verdict.VERDICT_UNSPECIFIED;
                        })
                .setDetectableDifference(metric.detectable())
                .setHigherIsBetter(metric.higherIsBetter())
                .build();
    }
}
