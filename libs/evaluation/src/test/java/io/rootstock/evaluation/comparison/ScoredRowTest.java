package io.rootstock.evaluation.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.ClassPrediction;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.task.score.Score;
import io.rootstock.yaml.InvalidFileException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoredRowTest {
    private static final String HASH = "a1".repeat(32);

    @Test
    void readsWhatRowRecordsWrites() {
        Map<String, Score> scores = new LinkedHashMap<>();
        scores.put("perplexity", new Score(Double.NEGATIVE_INFINITY, 1));
        scores.put("acc", new Score(0.1 + 0.2, 7));
        RowRecord record = new RowRecord(
                "arc \"easy\"",
                12,
                "arc.jsonl",
                13,
                HASH,
                new Expected.Choice(List.of("\u00e9", "b"), List.of(0)),
                List.of(new Response.Loglikelihood(-1.5, true, 2), new Response.Loglikelihood(-2, false, 1)),
                OptionalInt.of(0),
                Map.of(),
                scores,
                true,
                false);
        ScoredRow row = read(RowRecords.toJson(record));

        ClassPrediction prediction = ClassPrediction.of((Expected.Choice) record.expected(), record.responses());
        assertThat(prediction.label()).isEqualTo("\u00e9");
        assertThat(row)
                .isEqualTo(
                        new ScoredRow("arc \"easy\"", 12, HASH, List.of(), Map.of(), scores, Optional.of(prediction)));
        assertThat(row.scores().keySet()).containsExactly("perplexity", "acc");
    }

    @Test
    void readsTextsOfGenerations() {
        RowRecord record = new RowRecord(
                "qa",
                0,
                "qa.jsonl",
                1,
                HASH,
                new Expected.References(List.of("Paris", "paris")),
                List.of(new Response.Generated(" Paris\n")),
                OptionalInt.empty(),
                Map.of("none", "Paris"),
                Map.of(),
                false,
                false);
        ScoredRow row = read(RowRecords.toJson(record));

        assertThat(row.references()).containsExactly("Paris", "paris");
        assertThat(row.predictions()).containsExactly(Map.entry("none", "Paris"));
        assertThat(RecordMetric.of("squad_em").value(row)).isEqualTo(1);
        assertThatThrownBy(() -> RecordMetric.of("squad_em,strict").value(row))
                .hasMessageContaining("row 0 of task qa has no prediction of the filter strict");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"task\":\"a\"",
                "{\"task\":\"a\",\"row\":\"x\"}",
                "{\"task\":\"a\",\"row\":1,\"requests_sha256\":\"00\"}",
                "{\"task\":\"a\",\"row\":1,\"scores\":{\"acc\":1}}",
                "{\"task\":\"a\",\"row\":1,\"scores\":{\"acc\":{\"value\":1}}}",
                "{\"task\":\"a\",\"row\":1,\"scores\":{\"acc\":{\"value\":1,\"weight\":-1}}}",
                "{\"task\":\"a\",\"row\":1,\"predictions\":{\"none\":1}}",
                "not json"
            })
    void refusesOtherLines(String line) {
        assertThatThrownBy(() -> read(line))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("evaluations/e:7: ")
                .hasMessageContaining("hint: evaluate again");
    }

    private static ScoredRow read(String json) {
        return ScoredRow.read(json.getBytes(StandardCharsets.UTF_8), "evaluations/e", 7);
    }
}
