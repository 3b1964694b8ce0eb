package io.rootstock.cli.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.evaluation.v1.Contamination;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.SearchProgress;
import io.rootstock.evaluation.v1.SearchedData;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluation.v1.TrainingData;
import io.rootstock.evaluation.v1.UnsearchedData;
import io.rootstock.evaluation.v1.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results, comparisons and progress as tables and lines. */
class ResultTextTest {
    private static final MetricResult ACC = MetricResult.newBuilder()
            .setMetric("acc")
            .setValue(0.512)
            .setStandardError(0.00918)
            .setLower(0.494)
            .setUpper(0.53)
            .setChance(0.5)
            .setHigherIsBetter(true)
            .build();
    private static final MetricResult PERPLEXITY = MetricResult.newBuilder()
            .setMetric("perplexity")
            .setValue(117_204.5)
            .setStandardError(Double.NaN)
            .setLower(Double.NaN)
            .setUpper(Double.NaN)
            .build();
    private static final MetricResult CHRF = MetricResult.newBuilder()
            .setMetric("chrf")
            .setValue(23.456)
            .setLower(22.4)
            .setUpper(24.6)
            .build();

    @Test
    void resultsAreATableWithARowForEachMetric() {
        assertThat(ResultTable.of(List.of(
                                TaskResult.newBuilder()
                                        .setTask("lambada")
                                        .setRows(2962)
                                        .setNearTies(3)
                                        .addMetrics(ACC)
                                        .addMetrics(PERPLEXITY)
                                        .build(),
                                TaskResult.newBuilder()
                                        .setTask("translation\u001b[2J")
                                        .setRows(1000)
                                        .addMetrics(CHRF)
                                        .build()))
                        .lines())
                .containsExactly(
                        "task                  metric       value       ±  chance     n  near ties",
                        "--------------------  ----------  ------  ------  ------  ----  ---------",
                        "lambada               acc         0.5120  0.0180  0.5000  2962          3",
                        "lambada               perplexity    117k       -       -  2962          3",
                        "translation\\u{1b}[2J  chrf         23.46    1.10       -  1000          0");
    }

    @Test
    void contaminationIsATableWithTheMetricsWithoutFlaggedRowsAndSentencesOnTheData() {
        TrainingData web = TrainingData.newBuilder()
                .setVersion("models/m/versions/1")
                .setDataset("datasets/web")
                .build();
        Contamination found = Contamination.newBuilder()
                .setCheckedRows(95)
                .setFlaggedRows(7)
                .setUncheckedRows(5)
                .addMetrics(ACC.toBuilder().setValue(0.4))
                .addSearched(SearchedData.newBuilder()
                        .setData(web)
                        .setDocuments(1200)
                        .setTokens(5_600_000))
                .addUnsearched(UnsearchedData.newBuilder()
                        .setData(TrainingData.newBuilder().setVersion("models/b/versions/2"))
                        .setReason("base of others: its training data is not known"))
                .build();
        TaskResult checked = TaskResult.newBuilder()
                .setTask("boolq")
                .setRows(100)
                .addMetrics(ACC)
                .setContamination(found)
                .build();
        TaskResult clean = TaskResult.newBuilder()
                .setTask("copa")
                .setRows(10)
                .addMetrics(ACC)
                .setContamination(Contamination.newBuilder().setCheckedRows(10))
                .build();
        TaskResult unchecked =
                TaskResult.newBuilder().setTask("arc").addMetrics(ACC).build();
        ContaminationText text = new ContaminationText(List.of(checked, clean, unchecked));
        assertThat(text.rows())
                .containsExactly(
                        List.of("boolq", "95", "7", "5", "acc", "0.5120", "0.4000"),
                        List.of("copa", "10", "0", "0", "acc", "0.5120", "-"));
        assertThat(text.sentences())
                .containsExactly(
                        "searched: datasets/web of m:1: 1200 documents, 5.60M tokens",
                        "not searched: b:2: base of others: its training data is not known");
        assertThat(new ContaminationText(List.of(unchecked)).isEmpty()).isTrue();
        assertThat(ResultTable.line(checked))
                .isEqualTo("boolq  100 rows  acc 0.5120 ± 0.0180  7 rows in training data");
    }

    @Test
    void theSearchOfTrainingDataHasALineOfItsOwn() {
        assertThat(ProgressText.line(EvaluationProgress.newBuilder()
                        .setTotalRows(10)
                        .setRemainingSeconds(30)
                        .setSearch(SearchProgress.newBuilder()
                                .setDataset("datasets/web")
                                .setBytesRead(50_000_000)
                                .setTotalBytes(200_000_000)
                                .setBytesPerSecond(5_000_000))
                        .build()))
                .isEqualTo("searched 50.0 MB of 200 MB  5.00 MB/s  ETA 30 s  datasets/web");
    }

    @Test
    void progressNamesRowsRateRestTaskAndRunningMetric() {
        EvaluationProgress progress = EvaluationProgress.newBuilder()
                .setRows(1234)
                .setTotalRows(20_000)
                .setRowsPerSecond(35.24)
                .setRemainingSeconds(532.5)
                .setTask("boolq")
                .setRunning(ACC)
                .build();
        assertThat(ProgressText.line(progress))
                .isEqualTo("1,234/20,000 rows  35.24 rows/s  ETA 8 min 53 s  boolq acc 0.5120 ± 0.0180");
        assertThat(ProgressText.line(progress.toBuilder()
                        .clearRunning()
                        .setRemainingSeconds(-1)
                        .build()))
                .isEqualTo("1,234/20,000 rows  35.24 rows/s  ETA ?  boolq");
        assertThat(ProgressText.percent(progress)).isEqualTo("6.2 %");
        assertThat(ProgressText.percent(EvaluationProgress.getDefaultInstance()))
                .isEqualTo("-");
        assertThat(ResultTable.line(TaskResult.newBuilder()
                        .setTask("boolq")
                        .setRows(1)
                        .addMetrics(ACC)
                        .addMetrics(PERPLEXITY)
                        .build()))
                .isEqualTo("boolq  1 row  acc 0.5120 ± 0.0180  perplexity 117k");
    }

    @Test
    void valuesHaveTheDigitsAndDifferencesTheUnitOfTheirScale() {
        assertThat(MetricScale.of("acc_norm").value(0.51234)).isEqualTo("0.5123");
        assertThat(MetricScale.of("exact_match,strict").size(-0.018, "exact_match,strict"))
                .isEqualTo("1.8 points");
        assertThat(MetricScale.of("bleu").size(1.84, "bleu")).isEqualTo("1.8 points");
        assertThat(MetricScale.of("bits_per_byte").size(-0.01234, "bits_per_byte"))
                .isEqualTo("0.0123 bits_per_byte");
        assertThat(MetricScale.of("perplexity").value(345.678)).isEqualTo("345.68");
        assertThat(MetricScale.of("unknown").value(Double.POSITIVE_INFINITY)).startsWith("Infinity");
        assertThat(MetricScale.of("acc").signed(0.01)).isEqualTo("+0.0100");
        assertThat(MetricScale.of("acc").signed(-0.01)).isEqualTo("-0.0100");
        assertThat(MetricScale.of("acc").signed(0)).isEqualTo("0.0000");
        assertThat(MetricScale.of("acc").value(Double.NaN)).isEqualTo("-");
    }

    @Test
    void rowsOfAccuraciesAreCorrectOrWrong() {
        assertThat(MetricScale.isOfCorrectRows("acc_norm")).isTrue();
        assertThat(MetricScale.isOfCorrectRows("exact_match,strict")).isTrue();
        assertThat(MetricScale.isOfCorrectRows("bits_per_byte")).isFalse();
        assertThat(MetricScale.isOfCorrectRows("squad_f1")).isFalse();
        assertThat(MetricScale.isOfCorrectRows("unknown")).isFalse();
    }

    @Test
    void differencesAreATableAndASentenceForEachTask() {
        ComparisonText text = new ComparisonText(List.of(
                TaskComparison.newBuilder()
                        .setTask("boolq")
                        .setRows(3270)
                        .setWins(300)
                        .setLosses(150)
                        .addMetrics(comparison("acc", 0.5, 0.5459, 0.0459, 0.03, 0.062, Verdict.VERDICT_BETTER)
                                .setAdjustedPValue(0.00001))
                        .addMetrics(
                                comparison("acc_norm", 0.5, 0.49, -0.01, -0.02, 0.004, Verdict.VERDICT_NO_DIFFERENCE)
                                        .setAdjustedPValue(0.34567))
                        .build(),
                TaskComparison.newBuilder()
                        .setTask("copa")
                        .setRows(100)
                        .setWins(3)
                        .setLosses(4)
                        .addMetrics(comparison("acc", 0.6, 0.59, -0.01, -0.06, 0.04, Verdict.VERDICT_NO_DIFFERENCE)
                                .setDetectableDifference(0.0741)
                                .setAdjustedPValue(1))
                        .build(),
                TaskComparison.newBuilder()
                        .setTask("bits_per_byte")
                        .setRows(1000)
                        .setWins(900)
                        .setLosses(100)
                        .addMetrics(comparison("bits_per_byte", 1.2, 1.25, 0.05, 0.04, 0.06, Verdict.VERDICT_WORSE)
                                .setAdjustedPValue(0.0002))
                        .build(),
                TaskComparison.newBuilder()
                        .setTask("blimp")
                        .setNotComparable("the first has 0 shots, the second 5")
                        .build()));
        assertThat(text.table("spam:2", "spam:3").lines())
                .containsExactly(
                        "task           metric         spam:2  spam:3  difference  95 % interval       p (Holm)  verdict",
                        "-------------  -------------  ------  ------  ----------  ------------------  --------  -------------",
                        "boolq          acc            0.5000  0.5459     +0.0459  [+0.0300, +0.0620]  <0.0001   better",
                        "boolq          acc_norm       0.5000  0.4900     -0.0100  [-0.0200, +0.0040]  0.3457    no difference",
                        "copa           acc            0.6000  0.5900     -0.0100  [-0.0600, +0.0400]  1.0000    no difference",
                        "bits_per_byte  bits_per_byte  1.2000  1.2500     +0.0500  [+0.0400, +0.0600]  0.0002    worse");
        assertThat(text.sentences())
                .containsExactly(
                        "boolq acc: better by 4.6 points (300 of 3270 rows better, 150 worse)",
                        "copa acc: no difference detectable above 7.4 points (3 of 100 rows better, 4 worse)",
                        "bits_per_byte bits_per_byte: worse by 0.0500 bits_per_byte (900 of 1000 rows better, 100 worse)",
                        "blimp: not compared: the first has 0 shots, the second 5");
    }

    private static MetricComparison.Builder comparison(
            String metric,
            double first,
            double second,
            double difference,
            double lower,
            double upper,
            Verdict verdict) {
        return MetricComparison.newBuilder()
                .setMetric(metric)
                .setFirst(first)
                .setSecond(second)
                .setDifference(difference)
                .setLower(lower)
                .setUpper(upper)
                .setVerdict(verdict);
    }
}
