package io.rootstock.evaluation.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.task.score.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskDifferenceTest {
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String OTHER_HASH = "f".repeat(64);

    @Test
    void scoresOfZeroAndOneAreComparedByMcNemarsTest() {
        // Six rows are right in the second evaluation only: p = 2 / 2^6.
        TaskDifference task = TaskDifference.of(
                "boolq",
                accuracies("boolq", 1, 1, 1, 1, 0, 0, 0, 0, 0, 0),
                accuracies("boolq", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));

        assertThat(task.rows()).isEqualTo(10);
        assertThat(task.wins()).isEqualTo(6);
        assertThat(task.losses()).isZero();
        MetricDifference acc = task.metrics().getFirst();
        assertThat(acc.metric()).isEqualTo("acc");
        assertThat(acc.first()).isEqualTo(0.4);
        assertThat(acc.second()).isEqualTo(1);
        assertThat(acc.difference()).isCloseTo(0.6, within(1e-15));
        assertThat(acc.pValue()).isCloseTo(0.03125, within(1e-12));
        // 0.6 -/+ 1.959964 * sqrt((6 - 10 * 0.36) / 9 / 10).
        assertThat(acc.interval().low()).isCloseTo(0.279939, within(1e-6));
        assertThat(acc.interval().high()).isCloseTo(0.920061, within(1e-6));
        assertThat(acc.detectable()).isCloseTo(0.6159, within(1e-4));
        assertThat(acc.verdict()).isEqualTo(Verdict.BETTER);
    }

    @Test
    void holmsCorrectionIsOverTheFirstMetricsOfAllTasks() {
        TaskRows four = accuracies("a", 1, 1, 1, 1, 0, 0, 0, 0, 0, 0);
        TaskRows ten = accuracies("a", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        List<TaskDifference> tasks = TaskDifference.adjusted(
                List.of(TaskDifference.of("a", ten, four), TaskDifference.of("b", four, four), undefined("c")));

        MetricDifference first = tasks.get(0).metrics().getFirst();
        assertThat(first.pValue()).isCloseTo(0.03125, within(1e-12));
        assertThat(first.adjustedPValue()).isCloseTo(0.0625, within(1e-12));
        assertThat(first.verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
        assertThat(tasks.get(0).losses()).isEqualTo(6);
        MetricDifference equal = tasks.get(1).metrics().getFirst();
        assertThat(equal.adjustedPValue()).isEqualTo(1);
        assertThat(equal.interval().low()).isZero();
        assertThat(equal.detectable()).isNaN();
        assertThat(tasks.get(2).metrics().getFirst().verdict()).isEqualTo(Verdict.UNDEFINED);
    }

    @Test
    void asSignificantDifferencesAreWorseInTheOtherDirection() {
        TaskRows none = accuracies("a", 0, 0, 0, 0, 0, 0, 0, 0);
        TaskRows all = accuracies("a", 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(TaskDifference.of("a", all, none).metrics().getFirst().verdict())
                .isEqualTo(Verdict.WORSE);
        assertThat(TaskDifference.of("a", none, all).metrics().getFirst().pValue())
                .isCloseTo(2 / 256.0, within(1e-12));
    }

    @Test
    void bitsPerByteAreComparedByTheBootstrapAndLessIsBetter() {
        TaskRows first = rows("bits_per_byte", new Score(-10, 10), 8);
        TaskRows second = rows("bits_per_byte", new Score(-5, 10), 8);
        TaskDifference task = TaskDifference.of("wiki", first, second);

        assertThat(task.wins()).isEqualTo(8);
        MetricDifference bits = task.metrics().getFirst();
        assertThat(bits.first()).isCloseTo(1 / Math.log(2), within(1e-12));
        assertThat(bits.second()).isCloseTo(0.5 / Math.log(2), within(1e-12));
        // Each resample has the same difference.
        assertThat(bits.pValue()).isEqualTo(1.0 / 10_001);
        assertThat(bits.interval().high()).isCloseTo(-0.5 / Math.log(2), within(1e-9));
        assertThat(bits.higherIsBetter()).isFalse();
        assertThat(bits.verdict()).isEqualTo(Verdict.BETTER);
    }

    @Test
    void fewDifferingRowsDoNotMakeASmallDifferenceDetectable() {
        int[] right = new int[100];
        int[] other = new int[100];
        other[7] = 1;
        MetricDifference acc = TaskDifference.of("a", accuracies("a", right), accuracies("a", other))
                .metrics()
                .getFirst();
        assertThat(acc.verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
        assertThat(acc.detectable()).isCloseTo(0.076656, within(1e-6));

        // A tie that counts a half is compared by the bootstrap, as if 7.7 such rows differed.
        EvaluationScores first = new EvaluationScores(Map.of("a", List.of("acc")));
        EvaluationScores second = new EvaluationScores(Map.of("a", List.of("acc")));
        for (int row = 0; row < 100; row++) {
            first.add(row("a", row, HASH, Map.of("acc", new Score(0, 1))));
            second.add(row("a", row, HASH, Map.of("acc", new Score(row == 7 ? 0.5 : 0, 1))));
        }
        MetricDifference ties = TaskDifference.of("a", first.task("a"), second.task("a"))
                .metrics()
                .getFirst();
        assertThat(ties.verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
        assertThat(ties.detectable()).isCloseTo(2.8016 * 0.005 * Math.sqrt(7.6656), within(0.001));
    }

    @Test
    void weightsOfDocumentsCount() {
        EvaluationScores scores = new EvaluationScores(Map.of("wiki", List.of("word_perplexity")));
        scores.add(row("wiki", 0, HASH, Map.of("word_perplexity", new Score(-30, 10))));
        scores.add(row("wiki", 1, HASH, Map.of("word_perplexity", new Score(-30, 50))));
        TaskRows rows = scores.task("wiki");

        assertThat(rows.metrics().getFirst().score()).isCloseTo(Math.exp(1), within(1e-12));
        assertThat(rows.metrics().getFirst().score(new int[] {0, 2})).isCloseTo(Math.exp(0.6), within(1e-12));
    }

    @Test
    void theTestIsUndefinedForInfiniteValuesAndFewRows() {
        MetricDifference infinite = undefined("a").metrics().getFirst();
        assertThat(infinite.first()).isInfinite();
        assertThat(infinite.pValue()).isNaN();
        MetricDifference few = TaskDifference.of(
                        "a", rows("perplexity", new Score(-3, 1), 5), rows("perplexity", new Score(-2, 1), 5))
                .metrics()
                .getFirst();
        assertThat(few.difference()).isCloseTo(Math.exp(2) - Math.exp(3), within(1e-9));
        assertThat(few.pValue()).isNaN();
        assertThat(few.verdict()).isEqualTo(Verdict.UNDEFINED);
    }

    @Test
    void textsAreComparedByTheirStatisticsAndAnswersByMcNemarsTest() {
        TaskRows first = texts("the house", "an entirely different text");
        TaskRows second = texts("the house", "the house");
        List<MetricDifference> metrics =
                TaskDifference.of("translation", first, second).metrics();

        assertThat(metrics).extracting(MetricDifference::metric).containsExactly("chrf", "bleu", "squad_em", "rouge_l");
        assertThat(metrics.get(0).second()).isCloseTo(100, within(1e-9));
        assertThat(metrics.get(0).first()).isLessThan(30);
        assertThat(metrics.get(0).pValue()).isEqualTo(1.0 / 10_001);
        assertThat(metrics.get(2).first()).isZero();
        assertThat(metrics.get(2).second()).isEqualTo(1);
        assertThat(metrics.get(2).pValue()).isCloseTo(2 / 256.0, within(1e-12));
        assertThat(metrics.get(3).second()).isEqualTo(1);
    }

    @Test
    void evaluationsOfOtherRowsOrRequestsDoNotMatch() {
        TaskRows three = accuracies("a", 1, 0, 1);
        assertThat(TaskDifference.mismatch(three, accuracies("a", 0, 0, 0))).isEmpty();
        assertThat(TaskDifference.mismatch(three, accuracies("a", 1, 0)))
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains("the first evaluation has 3 rows, the second 2", "same limit"));
        TaskRows shifted = scores(List.of(accuracy("a", 0, 1), accuracy("a", 1, 1), accuracy("a", 3, 1)));
        assertThat(TaskDifference.mismatch(three, shifted))
                .hasValueSatisfying(reason -> assertThat(reason).contains("row 2 is in one of the evaluations only"));
        TaskRows other = scores(List.of(
                accuracy("a", 0, 1), row("a", 1, OTHER_HASH, Map.of("acc", new Score(1, 1))), accuracy("a", 2, 1)));
        assertThat(TaskDifference.mismatch(three, other))
                .hasValueSatisfying(
                        reason -> assertThat(reason).contains("row 1 has other requests", "suite, shots and seed"));
    }

    @Test
    void recordsMayHaveAnyOrderAndEachRowIsCountedOnce() {
        TaskRows sorted = scores(List.of(accuracy("a", 0, 1), accuracy("a", 1, 0), accuracy("a", 2, 1)));
        TaskRows mixed = scores(List.of(accuracy("a", 2, 1), accuracy("a", 0, 1), accuracy("a", 1, 0)));
        TaskDifference task = TaskDifference.of("a", sorted, mixed);
        assertThat(TaskDifference.mismatch(sorted, mixed)).isEmpty();
        assertThat(task.wins() + task.losses()).isZero();
        assertThatThrownBy(() -> scores(List.of(accuracy("a", 1, 1), accuracy("a", 0, 1), accuracy("a", 1, 1))))
                .hasMessage("two records are of row 1");
    }

    @Test
    void statisticsOfTextsFollowTheOrderOfTheRows() {
        EvaluationScores scores = new EvaluationScores(Map.of("task", List.of("chrf")));
        for (int row : new int[] {2, 0, 1}) {
            scores.add(new ScoredRow("task", row, HASH, List.of("row 0"), Map.of("none", "row " + row), Map.of()));
        }
        MetricRows chrf = scores.task("task").metrics().getFirst();

        assertThat(chrf.value(0)).isCloseTo(100, within(1e-9));
        assertThat(chrf.score(new int[] {3, 0, 0})).isCloseTo(100, within(1e-9));
        assertThat(chrf.value(1)).isLessThan(90);
        assertThat(chrf.score(new int[] {0, 1, 0})).isCloseTo(chrf.value(1), within(1e-9));
    }

    @Test
    void moreRowsThanTheLimitAreRefused() {
        EvaluationScores scores = new EvaluationScores(Map.of("a", List.of("acc")));
        for (int row = 0; row < EvaluationScores.MAX_ROWS; row++) {
            scores.add(accuracy("a", row, 1));
        }
        assertThatThrownBy(() -> scores.add(accuracy("a", EvaluationScores.MAX_ROWS, 1)))
                .hasMessageContaining("more than 500000 rows or 2000000 numbers");
        assertThat(scores.task("a").rows()).isEqualTo(500_000);
    }

    @Test
    void aRecordWithoutAMetricAndUnknownMetricsAreRefused() {
        assertThatThrownBy(() -> scores(List.of(row("a", 4, HASH, Map.of("acc_norm", new Score(1, 1))))))
                .hasMessage("the record of row 4 of task a has no score of acc");
        assertThatThrownBy(() -> new EvaluationScores(Map.of("a", List.of("wit"))))
                .hasMessage("unknown metric wit");
    }

    private static TaskDifference undefined(String task) {
        return TaskDifference.of(
                task,
                rows("perplexity", new Score(Double.NEGATIVE_INFINITY, 1), 8),
                rows("perplexity", new Score(-2, 1), 8));
    }

    private static TaskRows accuracies(String task, int... right) {
        List<ScoredRow> rows = new ArrayList<>();
        for (int row = 0; row < right.length; row++) {
            rows.add(accuracy(task, row, right[row]));
        }
        return scores(rows);
    }

    private static ScoredRow accuracy(String task, int row, int right) {
        return row(task, row, HASH, Map.of("acc", new Score(right, 1)));
    }

    private static TaskRows scores(List<ScoredRow> rows) {
        String task = rows.getFirst().task();
        EvaluationScores scores = new EvaluationScores(Map.of(task, List.of("acc")));
        rows.forEach(scores::add);
        return scores.task(task);
    }

    private static TaskRows rows(String metric, Score score, int count) {
        EvaluationScores scores = new EvaluationScores(Map.of("task", List.of(metric)));
        for (int row = 0; row < count; row++) {
            scores.add(row("task", row, HASH, Map.of(metric, score)));
            scores.add(row("skipped", row, HASH, Map.of(metric, score)));
        }
        return scores.task("task");
    }

    /** Eight rows with the metrics chrf, bleu, squad_em and rouge_l. */
    private static TaskRows texts(String reference, String prediction) {
        EvaluationScores scores = new EvaluationScores(Map.of("task", List.of("chrf", "bleu", "squad_em", "rouge_l")));
        for (int row = 0; row < 8; row++) {
            scores.add(new ScoredRow("task", row, HASH, List.of(reference), Map.of("none", prediction), Map.of()));
        }
        return scores.task("task");
    }

    private static ScoredRow row(String task, int row, String hash, Map<String, Score> scores) {
        return new ScoredRow(task, row, hash, List.of(), Map.of(), scores);
    }
}
