package io.rootstock.evaluation.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.likelihood.Likelihood;
import io.rootstock.evaluation.metric.likelihood.LikelihoodMetric;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.statistic.Bootstrap;
import io.rootstock.evaluation.statistic.Estimate;
import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.core.CoreBaselines;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowScorer;
import io.rootstock.evaluation.task.score.TaskScores;
import io.rootstock.evaluation.task.yaml.DatasetMappings;
import io.rootstock.evaluation.task.yaml.TaskFileReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskSummaryTest {
    private static final String HEAD = """
            task: t
            dataset_path: json
            dataset_kwargs: {data_files: {test: rows.jsonl}}
            test_split: test
            """;
    private static final String CHOICE = HEAD
            + "output_type: multiple_choice\ndoc_to_text: q\ndoc_to_target: gold\ndoc_to_choice: choices\n"
            + "metric_list: [{metric: acc}, {metric: acc_norm}]\n";
    private static final String TWO = "{\"q\": \"Q\", \"choices\": [\"a\", \"b\"], \"gold\": 0}\n";
    private static final String FOUR = "{\"q\": \"Q\", \"choices\": [\"a\", \"b\", \"c\", \"d\"], \"gold\": 0}\n";
    private static final String ROLLING = HEAD
            + "output_type: loglikelihood_rolling\ndoc_to_text: ''\ndoc_to_target: text\n"
            + "metric_list: [{metric: bits_per_byte}, {metric: word_perplexity}]\n";

    @TempDir
    private Path folder;

    private Task task;
    private final List<RenderedRow> rows = new ArrayList<>();

    private void read(String yaml, String json) {
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml).with("rows.jsonl", json);
        task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        new TaskRenderer(task, suite, OptionalInt.empty()).forEach(rows::add);
    }

    private List<RowRecord> records(List<List<Response>> responses) {
        RowScorer scorer = RowScorer.of(task);
        Iterator<List<Response>> each = responses.iterator();
        return rows.stream().map(row -> scorer.score(row, each.next())).toList();
    }

    private TaskSummary summary(List<RowRecord> records) {
        TaskSummary summary = TaskSummary.of(task);
        records.forEach(summary::add);
        return summary;
    }

    private static Response ll(double logprob) {
        return new Response.Loglikelihood(logprob, false, 1);
    }

    @Test
    void anAccuracyHasTheErrorOfAMeanAndTheChanceOfItsChoices() {
        read(CHOICE, TWO + TWO + FOUR + FOUR);
        List<RowRecord> records = records(List.of(
                List.of(ll(-1), ll(-2)),
                List.of(ll(-1), ll(-1.001)),
                List.of(ll(-1), ll(-2), ll(-3), ll(-4)),
                List.of(ll(-9), ll(-2), ll(-3), ll(-4))));
        TaskSummary summary = summary(records);
        assertThat(summary.rows()).isEqualTo(4);
        assertThat(summary.nearTies()).isEqualTo(1);
        MetricValue accuracy = summary.metrics().getFirst();
        assertThat(accuracy.metric()).isEqualTo("acc");
        assertThat(accuracy.value()).isEqualTo(0.75);
        assertThat(accuracy.standardError()).isCloseTo(0.25, within(1e-12));
        assertThat(accuracy.interval().low()).isCloseTo(0.75 - 1.959964 * 0.25, within(1e-6));
        assertThat(accuracy.interval().high()).isEqualTo(1);
        assertThat(accuracy.chance()).hasValue((0.5 + 0.5 + 0.25 + 0.25) / 4);
        assertThat(accuracy.higherIsBetter()).isTrue();
        assertThat(accuracy.signature()).isEqualTo("score:sum|ties:1/k");
        assertThat(summary.metrics().getLast().signature()).isEqualTo("score:sum/characters|ties:1/k");
        assertThat(summary.running()).contains(accuracy);
        assertThat(accuracy.value()).isEqualTo(TaskScores.of(records).values().get("acc"));
    }

    @Test
    void oneRowHasNoError() {
        read(CHOICE, TWO);
        MetricValue accuracy =
                summary(records(List.of(List.of(ll(-1), ll(-2))))).metrics().getFirst();
        assertThat(accuracy.value()).isEqualTo(1);
        assertThat(accuracy.standardError()).isNaN();
        assertThat(accuracy.interval().low()).isNaN();
    }

    @Test
    void noRowsHaveNoRunningValue() {
        read(CHOICE, TWO);
        assertThat(TaskSummary.of(task).running()).isEmpty();
    }

    @Test
    void bitsPerByteHasTheErrorOfABootstrap() {
        StringBuilder json = new StringBuilder();
        List<List<Response>> responses = new ArrayList<>();
        List<double[]> statistics = new ArrayList<>();
        for (int row = 0; row < 40; row++) {
            String text = "word ".repeat(1 + row % 7);
            json.append("{\"text\": \"").append(text).append("\"}\n");
            double nats = 3.0 * text.length() + row % 11;
            responses.add(List.of(new Response.Rolling(-nats)));
            statistics.add(new Likelihood(nats, 1, text.length()).statistics());
        }
        read(ROLLING, json.toString());
        List<RowRecord> records = records(responses);
        TaskSummary summary = summary(records);
        Estimate expected = Bootstrap.DEFAULT.estimate(WeightedRows.of(LikelihoodMetric.BITS_PER_BYTE, statistics));
        MetricValue bits = summary.metrics().getFirst();
        assertThat(bits.metric()).isEqualTo("bits_per_byte");
        assertThat(bits.value()).isCloseTo(expected.value(), within(1e-12));
        assertThat(bits.standardError()).isCloseTo(expected.standardError(), within(1e-9));
        assertThat(bits.interval().low()).isCloseTo(expected.interval().low(), within(1e-9));
        assertThat(bits.interval().high()).isCloseTo(expected.interval().high(), within(1e-9));
        assertThat(bits.chance()).isEmpty();
        assertThat(bits.higherIsBetter()).isFalse();
        assertThat(bits.signature()).isEqualTo("unit:byte");
        assertThat(summary.metrics().getLast().value())
                .isCloseTo(TaskScores.of(records).values().get("word_perplexity"), within(1e-6));

        // The delta method is near the bootstrap.
        MetricValue running = summary.running().orElseThrow();
        assertThat(running.value()).isEqualTo(bits.value());
        assertThat(running.standardError()).isCloseTo(bits.standardError(), within(0.05 * bits.standardError()));
        assertThat(running.interval().low()).isCloseTo(bits.interval().low(), within(0.2 * bits.standardError()));
    }

    @Test
    void anImpossibleDocumentHasNoError() {
        read(ROLLING, "{\"text\": \"a\"}\n{\"text\": \"b\"}\n");
        MetricValue bits = summary(records(List.of(
                        List.of(new Response.Rolling(Double.NEGATIVE_INFINITY)), List.of(new Response.Rolling(-1)))))
                .metrics()
                .getFirst();
        assertThat(bits.value()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(bits.standardError()).isNaN();
        assertThat(bits.interval().high()).isNaN();
    }

    @Test
    void textMetricsAreComputedForEachFilter() {
        read(
                HEAD + """
                output_type: generate_until
                doc_to_text: q
                doc_to_target: a
                generation_kwargs: {until: ['.'], max_gen_toks: 8}
                metric_list: [{metric: bleu}, {metric: squad_f1}, {metric: exact_match}]
                filter_list:
                  - {name: none, filter: [{function: take_first}]}
                  - {name: lower, filter: [{function: lowercase}, {function: take_first}]}
                """,
                "{\"q\": \"Q\", \"a\": \"the cat sat on the mat\"}\n{\"q\": \"Q\", \"a\": \"a dog ran to the park\"}\n");
        TaskSummary summary = summary(records(List.of(
                List.of(new Response.Generated("The Cat sat on the mat")),
                List.of(new Response.Generated("a dog ran to a park")))));
        List<MetricValue> metrics = summary.metrics();
        assertThat(metrics.stream().map(MetricValue::metric))
                .containsExactly(
                        "bleu", "bleu,lower", "squad_f1", "squad_f1,lower", "exact_match", "exact_match,lower");
        List<double[]> statistics = List.of(
                Bleu.DEFAULT.statistics("the cat sat on the mat", List.of("the cat sat on the mat")),
                Bleu.DEFAULT.statistics("a dog ran to a park", List.of("a dog ran to the park")));
        assertThat(metrics.get(1).value())
                .isEqualTo(WeightedRows.of(Bleu.DEFAULT, statistics).score());
        assertThat(metrics.get(1).signature()).isEqualTo("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp");
        assertThat(metrics.get(1).standardError()).isPositive();
        assertThat(metrics.get(2).value()).isEqualTo(1);
        assertThat(metrics.get(4).value()).isZero();
        assertThat(metrics.get(5).value()).isEqualTo(0.5);
        assertThat(metrics.get(5).signature()).isEqualTo("case:mixed|punct:yes|numbers:yes");
        assertThat(metrics.get(5).chance()).isEmpty();
        assertThat(summary.running().orElseThrow().standardError()).isNaN();
    }

    @Test
    void theChanceOfACoreTaskIsItsBaseline() {
        read(CHOICE, TWO);
        CoreTask core = new CoreTask(
                "c",
                CoreTask.Kind.MULTIPLE_CHOICE,
                new DataFile(List.of("rows.jsonl"), new RowFormat.JsonLines(), "suite.yaml", 1),
                0,
                " ",
                Optional.of(new CoreBaselines.Baseline(40.3, "v2")));
        TaskSummary summary = TaskSummary.of(core);
        summary.add(RowScorer.of(core).score(rows.getFirst(), List.of(ll(-1), ll(-2))));
        MetricValue accuracy = summary.metrics().getFirst();
        assertThat(accuracy.metric()).isEqualTo("acc_tokens");
        assertThat(accuracy.chance().orElseThrow()).isCloseTo(0.403, within(1e-12));
        assertThat(accuracy.signature()).isEqualTo("score:sum/tokens|ties:1/k|baseline:v2");
    }

    @Test
    void manyRowsAreResampledLess() {
        MetricRows.Ratio rows = new MetricRows.Ratio(mean -> -mean / Math.log(2));
        IntStream.range(0, 120_000).forEach(row -> rows.add(-(row % 13), 1 + row % 3));
        MetricRows.Measure error = rows.measure();
        assertThat(error.standardError())
                .isCloseTo(rows.quickMeasure().standardError(), within(0.1 * error.standardError()));
    }

    @Test
    void refusesARecordOfAnotherTask() {
        read(CHOICE, TWO);
        RowRecord record = records(List.of(List.of(ll(-1), ll(-2)))).getFirst();
        read(ROLLING, "{\"text\": \"a\"}\n");
        assertThatThrownBy(() -> TaskSummary.of(task).add(record))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the record of row 0 has no score of bits_per_byte");
    }
}
