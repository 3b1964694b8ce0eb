package io.rootstock.evaluation.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.comparison.EvaluationScores;
import io.rootstock.evaluation.comparison.MetricDifference;
import io.rootstock.evaluation.comparison.ScoredRow;
import io.rootstock.evaluation.comparison.TaskDifference;
import io.rootstock.evaluation.comparison.TaskRows;
import io.rootstock.evaluation.comparison.Verdict;
import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.task.score.RowScorer;
import io.rootstock.evaluation.task.yaml.DatasetMappings;
import io.rootstock.evaluation.task.yaml.TaskFileReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassSummaryTest {
    private static final List<String> METRICS = List.of("macro_f1", "mcc", "ece", "brier_score", "auc");
    private static final String TASK = """
            task: t
            dataset_path: json
            dataset_kwargs: {data_files: {test: rows.jsonl}}
            test_split: test
            output_type: multiple_choice
            doc_to_text: q
            doc_to_target: gold
            doc_to_choice: [a, b]
            metric_list: [{metric: macro_f1}, {metric: mcc}, {metric: ece}, {metric: brier_score}, {metric: auc}]
            """;

    @TempDir
    private Path folder;

    private Task task;

    /** Records of rows with these correct choices and probabilities of the second choice. */
    private List<RowRecord> records(String yaml, int[] gold, double[] second) {
        StringBuilder json = new StringBuilder();
        for (int choice : gold) {
            json.append("{\"q\": \"Q\", \"gold\": ").append(choice).append("}\n");
        }
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml).with("rows.jsonl", json.toString());
        task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        RowScorer scorer = RowScorer.of(task);
        List<RowRecord> records = new ArrayList<>();
        for (RenderedRow row : new TaskRenderer(task, suite, OptionalInt.empty())) {
            double probability = second[records.size()];
            // Sums of log-probabilities are not normalised.
            records.add(scorer.score(row, List.of(ll(Math.log(1 - probability) - 7), ll(Math.log(probability) - 7))));
        }
        return records;
    }

    private static Response ll(double logprob) {
        return new Response.Loglikelihood(logprob, false, 1);
    }

    private Map<String, MetricValue> values(List<RowRecord> records) {
        TaskSummary summary = TaskSummary.of(task);
        records.forEach(summary::add);
        Map<String, MetricValue> values = new java.util.LinkedHashMap<>();
        summary.metrics().forEach(value -> values.put(value.metric(), value));
        return values;
    }

    @Test
    void metricsOfClassesHaveTheValuesOfTheirDefinitions() {
        List<RowRecord> records = records(TASK, new int[] {0, 1, 1, 0}, new double[] {0.2, 0.35, 0.9, 0.45});
        Map<String, MetricValue> values = values(records);
        assertThat(values.keySet()).containsExactlyElementsOf(METRICS);
        // a: 2 of 3 predictions and of 2 rows; b: 1 of 1 and of 2.
        assertThat(values.get("macro_f1").value()).isCloseTo((4.0 / 5 + 2.0 / 3) / 2, within(1e-12));
        assertThat(values.get("mcc").value()).isCloseTo(2 / Math.sqrt(12), within(1e-12));
        assertThat(values.get("ece").value()).isCloseTo((0.2 + 0.65 + 0.1 + 0.45) / 4, within(1e-12));
        assertThat(values.get("brier_score").value()).isCloseTo((0.08 + 0.845 + 0.02 + 0.405) / 4, within(1e-12));
        // 0.35 and 0.9 of the positive rows beside 0.2 and 0.45 of the negative ones.
        assertThat(values.get("auc").value()).isCloseTo(3.0 / 4, within(1e-12));
        assertThat(values.get("auc").chance()).hasValue(0.5);
        assertThat(values.get("auc").signature()).isEqualTo("positive:second");
        assertThat(values.get("ece").signature()).isEqualTo("bins:15|ties:first");
        assertThat(values.get("ece").higherIsBetter()).isFalse();
        assertThat(values.get("macro_f1").standardError()).isPositive();
        assertThat(values.get("macro_f1").interval().low())
                .isLessThan(values.get("macro_f1").value());
        assertThat(records.getFirst().scores().keySet()).containsExactly("brier_score");
        assertThat(records).extracting(RowRecord::correct).containsExactly(true, false, true, true);
    }

    @Test
    void anotherClassCanBePositive() {
        List<RowRecord> records = records(
                TASK + "metadata: {positive_class: a}\n", new int[] {0, 1, 1, 0}, new double[] {0.2, 0.35, 0.9, 0.45});
        MetricValue auc = values(records).get("auc");
        assertThat(auc.value()).isCloseTo(3.0 / 4, within(1e-12));
        assertThat(auc.signature()).isEqualTo("positive:a");
        RowRecord read = RowRecords.fromJson(RowRecords.toJson(records.getFirst()), "r", 1);
        assertThat(read).isEqualTo(records.getFirst());
        assertThat(RowRecords.toJson(read)).contains("\"positive\":0");
    }

    @Test
    void impossibleAndOneSidedRowsHaveNoErrors() {
        Map<String, MetricValue> values = values(records(TASK, new int[] {1, 1}, new double[] {1, 0.75}));
        assertThat(values.get("brier_score").value()).isCloseTo(0.0625, within(1e-12));
        assertThat(values.get("auc").value()).isNaN();
        assertThat(values.get("auc").interval().low()).isNaN();
        assertThat(values.get("macro_f1").value()).isEqualTo(1);
        assertThat(values.get("macro_f1").standardError()).isNaN();
        assertThat(values.get("mcc").value()).isZero();
    }

    private static TaskRows rows(List<RowRecord> records) {
        EvaluationScores scores = new EvaluationScores(Map.of("t", METRICS));
        records.forEach(record -> scores.add(
                ScoredRow.read(RowRecords.toJson(record).getBytes(StandardCharsets.UTF_8), "evaluations/e", 1)));
        return scores.task("t");
    }

    @Test
    void comparisonsPairTheRows() {
        int[] gold = new int[40];
        double[] poor = new double[40];
        double[] good = new double[40];
        for (int row = 0; row < gold.length; row++) {
            gold[row] = row % 2;
            poor[row] = row % 3 == 0 ? 0.02 : 0.97;
            good[row] = gold[row] == 1 ? 0.95 : 0.05;
        }
        List<RowRecord> first = records(TASK, gold, poor);
        List<RowRecord> second = records(TASK, gold, good);
        Map<String, MetricValue> firstValues = values(first);
        Map<String, MetricValue> secondValues = values(second);

        TaskDifference difference = TaskDifference.of("t", rows(first), rows(second.reversed()));
        assertThat(difference.wins())
                .isEqualTo((int) first.stream().filter(row -> !row.correct()).count());
        assertThat(difference.losses()).isZero();
        for (MetricDifference metric : difference.metrics()) {
            assertThat(metric.first())
                    .isCloseTo(firstValues.get(metric.metric()).value(), within(1e-12));
            assertThat(metric.second())
                    .isCloseTo(secondValues.get(metric.metric()).value(), within(1e-12));
            assertThat(metric.verdict()).as(metric.metric()).isEqualTo(Verdict.BETTER);
        }
        MetricDifference equal =
                TaskDifference.of("t", rows(first), rows(first)).metrics().getFirst();
        assertThat(equal.pValue()).isEqualTo(1);
        assertThat(equal.verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
    }

    @Test
    void theConfusionMatrixCountsRows() {
        Confusion confusion = new Confusion("t");
        records(TASK, new int[] {0, 1, 1, 0}, new double[] {0.2, 0.35, 0.9, 0.45})
                .forEach(confusion::add);
        assertThat(confusion.classes()).containsExactly("a", "b");
        assertThat(confusion.counts()).isEqualTo(Arrays.asList(List.of(2L, 0L), List.of(1L, 1L)));
        assertThat(confusion.isTooLarge()).isFalse();
    }

    @Test
    void aConfusionMatrixHasALimit() {
        String choices = TASK.replace("[a, b]", "choices").replace(", {metric: auc}", "");
        StringBuilder json = new StringBuilder();
        for (int row = 0; row <= Confusion.MAX_CLASSES; row++) {
            json.append("{\"q\": \"Q\", \"gold\": 0, \"choices\": [\"c")
                    .append(row)
                    .append("\", \"d\"]}\n");
        }
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", choices).with("rows.jsonl", json.toString());
        task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        Confusion confusion = new Confusion("t");
        new TaskRenderer(task, suite, OptionalInt.empty())
                .forEach(row -> confusion.add(RowScorer.of(task).score(row, List.of(ll(-1), ll(-2)))));
        assertThat(confusion.isTooLarge()).isTrue();
        assertThat(confusion.counts()).isEmpty();
    }
}
