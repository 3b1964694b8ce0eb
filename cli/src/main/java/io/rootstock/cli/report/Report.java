package io.rootstock.cli.report;

import io.rootstock.evaluation.result.Confusion;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.TaskComparison;
import java.util.List;
import java.util.Optional;

/**
 * Contents of a report.
 *
 * @param evaluation the evaluation that the report is about
 * @param suite revision that it ran on
 * @param comparison comparison with a baseline, if there is one
 * @param confusions confusion matrices of tasks with metrics of classes
 */
public record Report(
        Evaluation evaluation, SuiteRevision suite, Optional<Comparison> comparison, List<Confusion> confusions) {
    /** Flipped rows that a report shows. */
    public static final int MAX_FLIPPED = 200;

    public Report {
        confusions = List.copyOf(confusions);
    }

    /** Creates a report without confusion matrices. */
    public Report(Evaluation evaluation, SuiteRevision suite, Optional<Comparison> comparison) {
        this(evaluation, suite, comparison, List.of());
    }

    /**
     * Comparison with a baseline.
     *
     * @param baseline the first evaluation
     * @param tasks differences of the evaluation from the baseline
     * @param judged tasks whose first metric says whether a row is correct
     * @param flipped the first {@link #MAX_FLIPPED} rows of these tasks whose first score differs
     * @param flippedRows number of such rows
     */
    public record Comparison(
            Evaluation baseline,
            List<TaskComparison> tasks,
            List<String> judged,
            List<FlippedRow> flipped,
            long flippedRows) {
        public Comparison {
            tasks = List.copyOf(tasks);
            judged = List.copyOf(judged);
            flipped = List.copyOf(flipped);
        }
    }
}
