package io.rootstock.bench.emergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.Score;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluatedTest {
    private static final int SEQUENCES = 3;
    private static final int ROWS = 4;

    @Test
    void measuresAreComputedFromTheRowRecords() {
        Map<String, List<RowRecord>> records = new HashMap<>();
        records.put("induction", words("induction", row -> -2.0 + (InductionRows.position(row) == 1 ? 1.1 : 0)));
        records.put("induction_reordered", words("induction_reordered", row -> -3.0));
        records.put("induction_first", words("induction_first", row -> -3.5 - InductionRows.sequence(row)));
        records.put("blimp", choices("blimp", row -> List.of(-1.0, row < 2 ? -2.0 : 0.0)));
        records.put(
                "sentiment",
                choices("sentiment", row -> List.of(-5.0, row % 2 == 1 ? -4.0 : row == 0 ? -6.0 : -3.0, -1.0, -2.0)));
        for (String task : List.of("translation_en_de", "summarisation", "question_answering")) {
            records.put(task + "_reference", choices(task + "_reference", row -> List.of(-10.0 - row, -12.0)));
        }
        Map<String, TaskResult> results = new HashMap<>();
        Map.of(
                        "bits_per_byte", "bits_per_byte",
                        "sentiment", "acc_mutual_info",
                        "translation_en_de", "chrf",
                        "summarisation", "rouge_l",
                        "question_answering", "squad_f1")
                .forEach((task, metric) -> results.put(
                        task,
                        TaskResult.newBuilder()
                                .addMetrics(MetricResult.newBuilder()
                                        .setMetric(metric)
                                        .setValue(0.25)
                                        .setStandardError(0.01))
                                .build()));
        SuiteRows rows = new SuiteRows(
                List.of(),
                List.of(
                        new SuiteRows.Pair("a", "agreement"),
                        new SuiteRows.Pair("a", "agreement"),
                        new SuiteRows.Pair("b", "islands"),
                        new SuiteRows.Pair("c", "islands")),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        Evaluated evaluated = new Evaluated(results, records);
        Map<Measure, Value> values = evaluated.values(rows);
        assertThat(values).containsOnlyKeys(Measure.values());
        assertThat(values.get(Measure.BITS_PER_BYTE)).isEqualTo(new Value(0.25, 0.01));
        assertThat(values.get(Measure.INDUCTION).value()).isCloseTo(1 + 1.1 / InductionRows.POSITIONS, within(1e-9));
        assertThat(values.get(Measure.INDUCTION).rowError()).isCloseTo(0, within(1e-9));
        // Sequences have means 0.5, 1.5 and 2.5: a standard deviation of 1.
        assertThat(values.get(Measure.REPETITION).value()).isCloseTo(1.5, within(1e-9));
        assertThat(values.get(Measure.REPETITION).rowError()).isCloseTo(1 / Math.sqrt(SEQUENCES), within(1e-9));
        assertThat(values.get(Measure.BLIMP).value()).isEqualTo(0.5);
        assertThat(evaluated.grammar(rows)).containsEntry("agreement", 1.0).containsEntry("islands", 0.0);
        assertThat(evaluated.positions()).hasSize(InductionRows.POSITIONS).containsEntry(2, 1.0);
        assertThat(evaluated.positions().get(1)).isCloseTo(2.1, within(1e-9));
        // Log-odds 0, 2, 3 and 2 of labels 0, 1, 0 and 1: two of four pairs are in order.
        assertThat(values.get(Measure.SENTIMENT_AUC).value()).isEqualTo(0.5);
        assertThat(values.get(Measure.TRANSLATION_GAIN).value()).isCloseTo(0.5, within(1e-9));
        assertThat(values.get(Measure.ANSWERS_LOGPROB).value()).isCloseTo(-46.0 / (2 * ROWS), within(1e-9));
    }

    private static List<RowRecord> words(String task, java.util.function.IntToDoubleFunction logprob) {
        List<RowRecord> rows = new ArrayList<>();
        for (int row = 0; row < SEQUENCES * InductionRows.POSITIONS; row++) {
            rows.add(record(
                    task,
                    row,
                    new Expected.Continuation(),
                    List.of(new Response.Loglikelihood(logprob.applyAsDouble(row), false, 1)),
                    0));
        }
        return rows;
    }

    private static List<RowRecord> choices(String task, java.util.function.IntFunction<List<Double>> logprobs) {
        return IntStream.range(0, ROWS)
                .mapToObj(row -> record(
                        task,
                        row,
                        new Expected.Choice(List.of("negative", "positive"), List.of(row % 2)),
                        logprobs.apply(row).stream()
                                .<Response>map(logprob -> new Response.Loglikelihood(logprob, false, 2))
                                .toList(),
                        logprobs.apply(row).get(0) > logprobs.apply(row).get(1) ? 1 : 0))
                .toList();
    }

    private static RowRecord record(String task, int row, Expected expected, List<Response> responses, double score) {
        return new RowRecord(
                task,
                row,
                "rows.jsonl",
                row + 1L,
                "",
                expected,
                responses,
                OptionalInt.empty(),
                Map.of(),
                Map.of("acc", new Score(score, 1)),
                score == 1,
                false);
    }
}
