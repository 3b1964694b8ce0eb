package io.rootstock.evaluation.task.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluation.comparison.EvaluationScores;
import io.rootstock.evaluation.comparison.ScoredRow;
import io.rootstock.evaluation.comparison.TaskDifference;
import io.rootstock.evaluation.comparison.TaskRows;
import io.rootstock.evaluation.comparison.Verdict;
import io.rootstock.evaluation.result.TaskSummary;
import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.task.yaml.DatasetMappings;
import io.rootstock.evaluation.task.yaml.TaskFileReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics of how an answer begins and ends. */
class BehaviourTest {
    private static final String TASK = """
            task: t
            dataset_path: json
            dataset_kwargs: {data_files: {test: rows.jsonl}}
            test_split: test
            doc_to_text: q
            doc_to_target: a
            metric_list: [{metric: chrf}, {metric: ends_by_itself}, {metric: refusal}]
            """;

    @TempDir
    private Path folder;

    private Task task;

    private List<RowRecord> records(List<Response.Generated> responses) {
        SuiteFolder suite = new SuiteFolder(folder)
                .with("task.yaml", TASK)
                .with("rows.jsonl", "{\"q\": \"Q\", \"a\": \"A\"}\n".repeat(responses.size()));
        task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        List<RowRecord> records = new ArrayList<>();
        for (RenderedRow row : new TaskRenderer(task, suite, OptionalInt.empty())) {
            records.add(RowScorer.of(task).score(row, List.of(responses.get(records.size()))));
        }
        return records;
    }

    private static Response.Generated ended(String text) {
        return new Response.Generated(text, Response.Ending.BY_ITSELF);
    }

    private static Response.Generated limited(String text) {
        return new Response.Generated(text, Response.Ending.LIMIT);
    }

    @Test
    void sharesOfRowsAreCounted() {
        List<RowRecord> records =
                records(List.of(ended("A"), limited("A A A"), ended("I'm sorry, but I can't."), ended("Sorry.")));
        TaskSummary summary = TaskSummary.of(task);
        records.forEach(summary::add);
        assertThat(summary.metrics().get(1).value()).isEqualTo(0.75);
        assertThat(summary.metrics().get(1).signature()).isEqualTo("end:eos,stop");
        assertThat(summary.metrics().get(2).value()).isEqualTo(0.25);
        assertThat(summary.metrics().get(2).higherIsBetter()).isFalse();
        assertThat(records.getFirst().correct()).isFalse();
        assertThat(records.getFirst().scores().keySet()).containsExactly("ends_by_itself", "refusal");
    }

    @Test
    void recordsKeepTheEndingAndOldOnesAreRead() {
        RowRecord record = records(List.of(limited("A"))).getFirst();
        String line = RowRecords.toJson(record);
        assertThat(line).contains("{\"text\":\"A\",\"ends_by_itself\":false}");
        assertThat(RowRecords.fromJson(line, "r", 1)).isEqualTo(record);
        RowRecord old = RowRecords.fromJson(line.replace(",\"ends_by_itself\":false}]", "}]"), "r", 1);
        assertThat(old.responses()).containsExactly(new Response.Generated("A"));
        assertThat(RowScorer.of(task).needsEnding()).isTrue();
        assertThatThrownBy(() -> RowScorer.of(task).rescore(old))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not say whether the text ends by itself")
                .hasMessageContaining("evaluate again");
    }

    @Test
    void fewerRefusalsAreBetter() {
        List<RowRecord> refusing = records(java.util.Collections.nCopies(10, ended("I cannot help with this.")));
        List<RowRecord> answering = records(java.util.Collections.nCopies(10, ended("Yes.")));
        TaskDifference difference = TaskDifference.of("t", refusals(refusing), refusals(answering));
        assertThat(difference.wins()).isEqualTo(10);
        assertThat(difference.metrics().getFirst().difference()).isEqualTo(-1);
        assertThat(difference.metrics().getFirst().verdict()).isEqualTo(Verdict.BETTER);
    }

    private static TaskRows refusals(List<RowRecord> records) {
        EvaluationScores scores = new EvaluationScores(Map.of("t", List.of("refusal")));
        records.forEach(record -> scores.add(
                ScoredRow.read(RowRecords.toJson(record).getBytes(StandardCharsets.UTF_8), "evaluations/e", 1)));
        return scores.task("t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I’m sorry,  but I can’t do this.|true",
                "**As an AI** language model, I have no opinion.|true",
                "\"I cannot assist with that.\"|true",
                "I can't helping|false",
                "죄송하지만 그 질문에는 답할 수 없습니다.|true",
                "  도와드릴 수 없습니다.|true",
                "죄송합니다라는 말은 사과이다.|false",
                "Sorry is a word.|false",
                "The model said: I cannot help.|false",
                "Seoul|false"
            })
    void refusalsAreDetectedAtTheBeginning(String answer, boolean refusal) {
        assertThat(Refusals.isRefusal(answer)).isEqualTo(refusal);
    }

    @Test
    void anEmptyAnswerIsNoRefusal() {
        assertThat(Refusals.isRefusal("")).isFalse();
        assertThat(Refusals.isRefusal(" ...\n")).isFalse();
    }
}
