package io.rootstock.evaluation.task.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.task.yaml.DatasetMappings;
import io.rootstock.evaluation.task.yaml.TaskFileReader;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowScorerTest {
    private static final String HEAD = """
            task: t
            dataset_path: json
            dataset_kwargs: {data_files: {test: rows.jsonl}}
            test_split: test
            """;
    private static final String CHOICE = HEAD
            + "output_type: multiple_choice\ndoc_to_text: q\ndoc_to_target: gold\ndoc_to_choice: choices\n"
            + "metric_list: [{metric: acc}, {metric: acc_norm}, {metric: acc_bytes}, {metric: acc_tokens}]\n";

    @TempDir
    private Path folder;

    private Task task;
    private RenderedRow row;

    private void read(String yaml, String json) {
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml).with("rows.jsonl", json);
        task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        row = new TaskRenderer(task, suite, OptionalInt.empty()).iterator().next();
    }

    private RowRecord scored(Response... responses) {
        return RowScorer.of(task).score(row, List.of(responses));
    }

    private static Response ll(double logprob) {
        return ll(logprob, 1);
    }

    private static Response ll(double logprob, int tokens) {
        return new Response.Loglikelihood(logprob, false, tokens);
    }

    @Test
    void dividesByCharactersBytesAndTokens() {
        // 1 character and 3 bytes; 4 characters and 4 bytes
        read(CHOICE, "{\"q\": \"Q\", \"choices\": [\"\uac00\", \"abcd\"], \"gold\": 1}");
        RowRecord scored = scored(ll(-3, 1), ll(-6, 3));
        assertThat(scored.scores())
                .containsEntry("acc", new Score(0, 1)) // -3 against -6
                .containsEntry("acc_norm", new Score(1, 1)) // -3 against -1.5
                .containsEntry("acc_bytes", new Score(0, 1)) // -1 against -1.5
                .containsEntry("acc_tokens", new Score(1, 1)); // -3 against -2
        assertThat(scored.prediction()).hasValue(0);
        assertThat(scored.correct()).isFalse();
        assertThat(scored.nearTie()).isFalse();
        assertThat(scored.line()).isEqualTo(1);
    }

    @Test
    void countsTheLengthOfACharacterBeyondTheBasicPlaneAsPython() {
        read(CHOICE, "{\"q\": \"Q\", \"choices\": [\"\ud83d\ude00\", \"abc\"], \"gold\": 0}");
        assertThat(scored(ll(-1.5), ll(-6)).scores()).containsEntry("acc_norm", new Score(1, 1));
    }

    @Test
    void sharesTiesAmongTheBestChoices() {
        read(CHOICE, "{\"q\": \"Q\", \"choices\": [\"a\", \"b\", \"c\"], \"gold\": 0}");
        RowRecord constant = scored(ll(-1), ll(-1), ll(-1));
        assertThat(constant.scores().get("acc").value()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(constant.correct()).isFalse();
        assertThat(constant.nearTie()).isTrue();
        assertThat(scored(ll(-1), ll(-1), ll(-2)).scores()).containsEntry("acc", new Score(0.5, 1));
        assertThat(scored(ll(-2), ll(-1), ll(-1)).scores()).containsEntry("acc", new Score(0, 1));
    }

    @Test
    void flagsNearTiesWithoutSharingThem() {
        read(CHOICE, "{\"q\": \"Q\", \"choices\": [\"a\", \"b\"], \"gold\": 0}");
        RowRecord near = scored(ll(-1), ll(-1.001));
        assertThat(near.nearTie()).isTrue();
        assertThat(near.scores()).containsEntry("acc", new Score(1, 1));
        assertThat(scored(ll(-1), ll(-1.01)).nearTie()).isFalse();
    }

    @Test
    void scoresImpossibleChoices() {
        read(CHOICE, "{\"q\": \"Q\", \"choices\": [\"a\", \"b\"], \"gold\": 0}");
        double impossible = Double.NEGATIVE_INFINITY;
        assertThat(scored(ll(-9), ll(impossible)).scores()).containsEntry("acc", new Score(1, 1));
        assertThat(scored(ll(impossible), ll(impossible)).scores()).containsEntry("acc", new Score(0.5, 1));
        assertThatThrownBy(() -> ll(Double.NaN)).hasMessageContaining("invalid log-probability");
    }

    @Test
    void subtractsTheLogProbabilityWithoutContext() {
        read(
                CHOICE.replace("{metric: acc_tokens}", "{metric: acc_mutual_info}"),
                "{\"q\": \"Q\", \"choices\": [\"a\", \"b\"], \"gold\": 1}");
        RowRecord scored = scored(ll(-2), ll(-3), ll(-1), ll(-5));
        assertThat(scored.scores())
                .containsEntry("acc", new Score(0, 1))
                .containsEntry("acc_mutual_info", new Score(1, 1));
        assertThatThrownBy(() -> scored(ll(-2), ll(-3))).hasMessageContaining("has 4 requests, but 2 responses");
    }

    @Test
    void acceptsEachOfSeveralCorrectChoices() {
        read(CHOICE, "{\"q\": \"Q\", \"choices\": [\"a\", \"b\", \"c\"], \"gold\": [0, 2]}");
        assertThat(scored(ll(-3), ll(-2), ll(-1)).scores()).containsEntry("acc", new Score(1, 1));
        assertThat(scored(ll(-1), ll(-1), ll(-1)).scores().get("acc").value()).isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void scoresContinuationsAndDocuments() {
        String json = "{\"q\": \"Q\", \"a\": \"x y\"}";
        read(HEAD + "output_type: loglikelihood\ndoc_to_text: q\ndoc_to_target: a\n", json);
        RowRecord continuation = scored(new Response.Loglikelihood(-2, true, 3));
        assertThat(continuation.scores())
                .containsEntry("acc", new Score(1, 1))
                .containsEntry("perplexity", new Score(-2, 1));
        assertThat(continuation.correct()).isTrue();
        assertThat(TaskScores.of(List.of(continuation)).values()).containsEntry("perplexity", Math.exp(2));

        read(HEAD + "output_type: loglikelihood_rolling\ndoc_to_target: a\n", json);
        TaskScores document = TaskScores.of(List.of(scored(new Response.Rolling(-6))));
        assertThat(document.values().get("word_perplexity")).isCloseTo(Math.exp(3), within(1e-12));
        assertThat(document.values().get("byte_perplexity")).isCloseTo(Math.exp(2), within(1e-12));
        assertThat(document.values().get("bits_per_byte")).isCloseTo(2 / Math.log(2), within(1e-12));
        assertThatThrownBy(() -> scored(ll(-1))).hasMessageContaining("needs a response of type Rolling");
    }

    @Test
    void weighsDocumentsByTheirBytes() {
        String yaml =
                HEAD + "output_type: loglikelihood_rolling\ndoc_to_target: a\nmetric_list: [{metric: bits_per_byte}]\n";
        read(yaml, "{\"a\": \"ab\"}");
        RowRecord two = scored(new Response.Rolling(-2 * Math.log(2)));
        read(yaml, "{\"a\": \"abcdef\"}");
        RowRecord six = scored(new Response.Rolling(-14 * Math.log(2)));
        TaskScores scores = TaskScores.of(List.of(two, six));
        assertThat(scores.values().get("bits_per_byte")).isCloseTo(2, within(1e-12));
        assertThat(scores.rows()).isEqualTo(2);
    }

    @Test
    void comparesGenerationsWithTheHarnessOptionsAndFilters() {
        read(HEAD + """
                        doc_to_text: q
                        doc_to_target: a
                        metric_list:
                          - metric: exact_match
                            ignore_case: true
                            ignore_punctuation: true
                            ignore_numbers: true
                            regexes_to_ignore: ["\\\\s+"]
                        filter_list:
                          - name: none
                            filter: [{function: take_first}]
                          - name: after-colon
                            filter:
                              - {function: regex, regex_pattern: ":(.*)", fallback: nothing}
                              - {function: remove_whitespace}
                              - {function: uppercase}
                        """, "{\"q\": \"Q\", \"a\": \"It is 4, yes.\"}");
        RowRecord whole = scored(new Response.Generated("IT IS\nyes!"));
        assertThat(whole.scores())
                .containsEntry("exact_match", new Score(1, 1))
                .containsEntry("exact_match,after-colon", new Score(0, 1));
        assertThat(whole.predictions()).containsEntry("after-colon", "NOTHING");
        assertThat(whole.correct()).isTrue();
        RowRecord part = scored(new Response.Generated("answer: it is yes \nx"));
        assertThat(part.scores()).containsEntry("exact_match", new Score(0, 1));
        assertThat(part.scores()).containsEntry("exact_match,after-colon", new Score(1, 1));
        assertThat(part.predictions()).containsEntry("after-colon", "IT IS YES");
    }

    @Test
    void acceptsEachOfSeveralReferences() {
        read(HEAD + "doc_to_text: q\ndoc_to_target: a\n", "{\"q\": \"Q\", \"a\": [\"x\", \"y\"]}");
        assertThat(scored(new Response.Generated("y")).scores()).containsEntry("exact_match", new Score(1, 1));
        assertThat(scored(new Response.Generated("z")).scores()).containsEntry("exact_match", new Score(0, 1));
    }

    @Test
    void keepsReferencesAndPredictionsOfTextMetrics() {
        read(
                HEAD + "doc_to_text: q\ndoc_to_target: a\nmetric_list: [{metric: chrf}]\n",
                "{\"q\": \"Q\", \"a\": \"x\"}");
        RowRecord scored = scored(new Response.Generated("y"));
        assertThat(scored.scores()).isEmpty();
        assertThat(scored.predictions()).containsEntry("none", "y");
        assertThat(scored.correct()).isFalse();
    }

    @Test
    void writesAndReadsRecordsOfEveryKind() {
        String json = "{\"q\": \"Q\", \"a\": \"x \\\"y\\n\u00e9\", \"choices\": [\"a\", \"b\"], \"gold\": 1}";
        read(CHOICE, json);
        Stream.Builder<RowRecord> records = Stream.builder();
        records.add(scored(ll(-0.1 - 0.2), ll(Double.NEGATIVE_INFINITY)));
        read(HEAD + "output_type: loglikelihood\ndoc_to_text: q\ndoc_to_target: a\n", json);
        records.add(scored(new Response.Loglikelihood(-2.5, true, 3)));
        read(HEAD + "output_type: loglikelihood_rolling\ndoc_to_target: a\n", json);
        records.add(scored(new Response.Rolling(-6)));
        read(HEAD + "doc_to_text: q\ndoc_to_target: a\n", json);
        records.add(scored(new Response.Generated("\u2028 y")));
        assertThat(records.build()).allSatisfy(scored -> {
            String line = RowRecords.toJson(scored);
            assertThat(line).doesNotContain("\n");
            assertThat(RowRecords.fromJson(line, "records.jsonl", 1)).isEqualTo(scored);
        });
    }

    @Test
    void scoresStoredResponsesAgainWithoutTheModel() {
        read(CHOICE, "{\"q\": \"Q\", \"choices\": [\"a\", \"bb\"], \"gold\": 1}");
        RowRecord stored = RowRecords.fromJson(RowRecords.toJson(scored(ll(-1), ll(-1.5))), "records.jsonl", 1);
        assertThat(stored.scores()).containsEntry("acc", new Score(0, 1));
        read(CHOICE.replace("{metric: acc}, ", ""), "{\"q\": \"Q\", \"choices\": [\"a\", \"bb\"], \"gold\": 1}");
        RowRecord again = RowScorer.of(task).rescore(stored);
        assertThat(again.scores()).doesNotContainKey("acc").containsEntry("acc_norm", new Score(1, 1));
        assertThat(again.prediction()).hasValue(1);
        assertThat(again.requestHash()).isEqualTo(stored.requestHash());
        read(CHOICE.replace("task: t", "task: u"), "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": 0}");
        assertThatThrownBy(() -> RowScorer.of(task).rescore(stored))
                .hasMessageContaining("the record is of task t, not u");
    }

    @Test
    void refusesLinesThatAreNotRecords() {
        read(CHOICE, "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": 0}");
        String line = RowRecords.toJson(scored(ll(-1)));
        assertThatThrownBy(() -> RowRecords.fromJson(line.substring(5), "records.jsonl", 3))
                .hasMessageStartingWith("records.jsonl:3: invalid JSON");
        assertThatThrownBy(() -> RowRecords.fromJson("{\"task\": \"t\"}", "records.jsonl", 3))
                .hasMessageStartingWith("records.jsonl:3: not a record: ");
        assertThatThrownBy(() -> RowRecords.fromJson(line.replace("\"gold\":[0]", "\"gold\":[1]"), "records.jsonl", 3))
                .hasMessageContaining("gold [1] of 1 choices");
    }
}
