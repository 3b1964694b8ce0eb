package io.rootstock.evaluation.task.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.RenderedRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts of nanochat's {@code core_eval.py} on the same rows. */
class CoreRendererTest {
    @TempDir
    private Path folder;

    @Test
    void rendersMultipleChoiceInNanochatsOrder() {
        List<RenderedRow> rows = rendered(
                CoreTask.Kind.MULTIPLE_CHOICE,
                "\nAnswer: ",
                2,
                true,
                lines(9, i -> "{\"query\": \"q%d\", \"choices\": [\"a\", \"b\"], \"gold\": %d}".formatted(i, i % 2)));
        assertThat(rows.get(0).requests())
                .containsExactly(
                        new LoglikelihoodRequest("q8\nAnswer: a\n\nq3\nAnswer: b\n\nq0\nAnswer:", " a"),
                        new LoglikelihoodRequest("q8\nAnswer: a\n\nq3\nAnswer: b\n\nq0\nAnswer:", " b"));
        assertThat(rows.get(5).requests().getFirst())
                .isEqualTo(new LoglikelihoodRequest("q3\nAnswer: b\n\nq7\nAnswer: b\n\nq6\nAnswer:", " a"));
        assertThat(rows.get(5).expected()).isEqualTo(new Expected.Choice(List.of("a", "b"), List.of(0)));
        assertThat(rows.get(5).row().line()).isEqualTo(7);
    }

    @Test
    void rendersSchemas() {
        List<RenderedRow> rows = rendered(
                CoreTask.Kind.SCHEMA,
                " ",
                1,
                false,
                lines(
                        5,
                        i -> "{\"context_options\": [\"x%d\", \"y%d\"], \"continuation\": \"c%d\", \"gold\": %d}"
                                .formatted(i, i, i, i % 2)));
        assertThat(rows.get(2).requests())
                .containsExactly(
                        new LoglikelihoodRequest("x4 c4\n\nx2", " c2"), new LoglikelihoodRequest("x4 c4\n\ny2", " c2"));
    }

    @Test
    void rendersLanguageModelingWithTrimmedContexts() {
        List<RenderedRow> rows = rendered(
                CoreTask.Kind.LANGUAGE_MODELING,
                " ",
                2,
                false,
                lines(5, i -> "{\"context\": \" c%d\\n\", \"continuation\": \"d%d\"}".formatted(i, i)));
        assertThat(rows.get(3).requests()).containsExactly(new LoglikelihoodRequest("c1 d1\n\nc4 d4\n\nc3", " d3"));
        assertThat(rows.get(3).expected()).isEqualTo(new Expected.Continuation());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"query\": \"q\", \"choices\": [\"a\"]} | the row has no gold answer",
                "{\"query\": \"q\", \"choices\": [\"a\"], \"gold\": 1} | the row has no gold answer",
                "{\"query\": \"q\", \"choices\": [], \"gold\": 0} | field 'choices' is missing",
                "{\"query\": \"q\", \"choices\": [\"a\", \"\"], \"gold\": 0} | item 1 of 'choices' is empty",
                "{\"choices\": [\"a\"], \"gold\": 0} | field 'query' is missing"
            })
    void refusesMalformedRowsWithFileAndLine(String row, String reason) {
        String good = "{\"query\": \"q\", \"choices\": [\"a\", \"b\"], \"gold\": 0}\n";
        assertThatThrownBy(() -> rendered(CoreTask.Kind.MULTIPLE_CHOICE, " ", 0, false, good + row))
                .hasMessageStartingWith("rows.jsonl:2: " + reason);
    }

    @Test
    void refusesMoreShotsThanOtherRows() {
        assertThatThrownBy(() -> rendered(CoreTask.Kind.SCHEMA, " ", 1, false, "{}\n"))
                .hasMessageContaining("the file has 1 rows, but a request needs 2");
    }

    @Test
    void readsBaselinesWithTheirVersion() {
        SuiteFolder suite = new SuiteFolder(folder)
                .with("v2.csv", "Eval Task,Random baseline,Description\ncommonsense_qa,40.3,\"a, b\"\ncopa,50,c\n")
                .with("v1.csv", "Eval Task,Random baseline\ncommonsense_qa,20\n")
                .with("bad.csv", "Eval Task,Random baseline\ncopa,120\n");
        CoreBaselines table = CoreBaselines.read(suite, "v2.csv");
        assertThat(table.of("copa")).contains(new CoreBaselines.Baseline(50, "v2"));
        assertThat(table.of("other")).isEmpty();
        assertThat(CoreBaselines.read(suite, "v1.csv").version()).isEqualTo("v1");
        assertThatThrownBy(() -> CoreBaselines.read(suite, "bad.csv")).hasMessageContaining("bad.csv:2: ");
    }

    @Test
    void centersAccuracyBetweenChanceAndPerfect() {
        CoreTask task = task(CoreTask.Kind.MULTIPLE_CHOICE, " ", 0);
        assertThat(task.centered(0.25)).isZero();
        assertThat(task.centered(1)).isEqualTo(1);
        assertThat(task.centered(0.4)).isCloseTo(0.2, within(1e-12));
        assertThat(task.metrics()).extracting("metric").containsExactly(Metric.ACC_TOKENS);
    }

    private List<RenderedRow> rendered(CoreTask.Kind kind, String delimiter, int shots, boolean shuffled, String rows) {
        SuiteFolder suite = new SuiteFolder(folder).with("rows.jsonl", rows);
        List<RenderedRow> rendered = new ArrayList<>();
        new CoreRenderer(task(kind, delimiter, shots), suite, OptionalInt.empty(), shuffled).forEach(rendered::add);
        return rendered;
    }

    private static CoreTask task(CoreTask.Kind kind, String delimiter, int shots) {
        DataFile data = new DataFile(List.of("rows.jsonl"), new RowFormat.JsonLines(), "suite.yaml", 1);
        return new CoreTask("t", kind, data, shots, delimiter, Optional.of(new CoreBaselines.Baseline(25, "v2")));
    }

    private static String lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n"));
    }
}
