package io.rootstock.evaluation.task.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.yaml.DatasetMappings;
import io.rootstock.evaluation.task.yaml.TaskFileReader;
import io.rootstock.yaml.InvalidFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TaskRendererTest {
    private static final String HEAD = """
            task: t
            dataset_path: json
            dataset_kwargs: {data_files: {test: rows.jsonl}}
            test_split: test
            """;
    private static final String CHOICE = HEAD + """
                    output_type: multiple_choice
                    doc_to_text: "{{q}}"
                    doc_to_target: gold
                    doc_to_choice: choices
                    """;

    @TempDir
    private Path folder;

    @Test
    void rendersChoicesAfterTheDelimiter() {
        RenderedRow row = first(CHOICE, "{\"q\": \"Q: x\", \"choices\": [\"a\", \"b c\"], \"gold\": 1}");
        assertThat(row.requests())
                .containsExactly(new LoglikelihoodRequest("Q: x", " a"), new LoglikelihoodRequest("Q: x", " b c"));
        assertThat(row.expected()).isEqualTo(new Expected.Choice(List.of("a", "b c"), List.of(1)));
    }

    @Test
    void movesWhiteSpaceAtTheEndOfTheContext() {
        String yaml = CHOICE.replace("{{q}}", "{{q}} \\n\\u00a0") + "target_delimiter: \"\"\n";
        assertThat(first(yaml, "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": 0}")
                        .requests())
                .containsExactly(new LoglikelihoodRequest("Q", " \n\u00a0a"));
        assertThat(LoglikelihoodRequest.of(" \t", "a")).isEqualTo(new LoglikelihoodRequest("", " \ta"));
    }

    @Test
    void addsChoicesWithoutContextForMutualInformation() {
        String yaml = CHOICE + "metric_list: [{metric: acc}, {metric: acc_mutual_info}]\n";
        assertThat(first(yaml, "{\"q\": \"Q\", \"choices\": [\"a\", \"b\"], \"gold\": 0}")
                        .requests())
                .containsExactly(
                        new LoglikelihoodRequest("Q", " a"),
                        new LoglikelihoodRequest("Q", " b"),
                        new LoglikelihoodRequest("", " a"),
                        new LoglikelihoodRequest("", " b"));
    }

    @Test
    void acceptsGoldAsTextBooleanAndTemplate() {
        String row = "{\"q\": \"Q\", \"choices\": [\"no\", \"yes\"], \"gold\": %s}";
        assertThat(gold(CHOICE, row.formatted("\"yes\""))).containsExactly(1);
        assertThat(gold(CHOICE, row.formatted("true"))).containsExactly(1);
        assertThat(gold(CHOICE.replace("doc_to_target: gold", "doc_to_target: \"{{gold - 1}}\""), row.formatted("2")))
                .containsExactly(1);
        assertThat(gold(CHOICE.replace("doc_to_target: gold", "doc_to_target: 0"), row.formatted("2")))
                .containsExactly(0);
        assertThat(gold(CHOICE, row.formatted("[0, 1]"))).containsExactly(0, 1);
    }

    @Test
    void rendersEachChoiceAsAContextWhereTheTextIsAnIndex() {
        String yaml = CHOICE.replace("doc_to_text: \"{{q}}\"", "doc_to_text: gold")
                .replace("doc_to_target: gold", "doc_to_target: q");
        RenderedRow row = first(yaml, "{\"q\": \"end.\", \"choices\": [\"x so x\", \"x so y\"], \"gold\": 1}");
        assertThat(row.requests())
                .containsExactly(
                        new LoglikelihoodRequest("x so x", " end."), new LoglikelihoodRequest("x so y", " end."));
        assertThat(row.expected()).isEqualTo(new Expected.Choice(List.of("x so x", "x so y"), List.of(1)));
    }

    @Test
    void drawsExamplesWithOneGeneratorForAllRows() {
        String yaml = CHOICE + "fewshot_split: test\nnum_fewshot: 2\ndescription: \"D. \"\n";
        String rows = IntStream.range(0, 8)
                .mapToObj("{\"q\": \"q%d\", \"choices\": [\"a\", \"b\"], \"gold\": 1}"::formatted)
                .collect(Collectors.joining("\n"));
        List<String> contexts = all(yaml, rows).stream()
                .map(row -> ((LoglikelihoodRequest) row.requests().getFirst()).context())
                .toList();
        // Random(1234): sample(range(8), 3) gives 7 0 6, then 1 6 4; the evaluated row is dropped, then two stay.
        assertThat(contexts.get(0)).isEqualTo("D. q7 b\n\nq6 b\n\nq0");
        assertThat(contexts.get(1)).isEqualTo("D. q6 b\n\nq4 b\n\nq1");
        assertThat(contexts.get(7)).isEqualTo("D. q2 b\n\nq0 b\n\nq7");
        assertThat(firstExample(yaml, rows, 5)).isEqualTo("D. q4 b\n\nq0");
        assertThat(all(yaml, rows)).as("each iteration begins with the seed").isEqualTo(all(yaml, rows));
    }

    @Test
    void takesTheFirstExamplesInOrder() {
        String yaml = CHOICE + "fewshot_split: test\nnum_fewshot: 1\nfewshot_config: {sampler: first_n}\n"
                + "fewshot_delimiter: \" ## \"\n";
        String row = "{\"q\": \"q%d\", \"choices\": [\"a\", \"b\"], \"gold\": 0}";
        List<RenderedRow> rows = all(yaml, row.formatted(0) + "\n" + row.formatted(1));
        assertThat(rows.get(0).requests().getFirst()).isEqualTo(new LoglikelihoodRequest("q1 a ## q0", " a"));
        assertThat(rows.get(1).requests().getFirst()).isEqualTo(new LoglikelihoodRequest("q0 a ## q1", " a"));
    }

    @Test
    void rendersTargetsDocumentsAndGenerations() {
        String row = "{\"q\": \"Q \", \"a\": \" target\", \"n\": 7, \"l\": [\"x\", \"y\"]}";
        RenderedRow target = first(HEAD + "output_type: loglikelihood\ndoc_to_text: q\ndoc_to_target: a\n", row);
        assertThat(target.requests()).containsExactly(new LoglikelihoodRequest("Q", "  target"));
        assertThat(target.expected()).isEqualTo(new Expected.Continuation());

        RenderedRow document =
                first(HEAD + "output_type: loglikelihood_rolling\ndoc_to_target: \"{{a}} \u00e9\\n.\"\n", row);
        assertThat(document.requests()).containsExactly(new RollingRequest(" target \u00e9\n."));
        assertThat(document.expected()).isEqualTo(new Expected.Document(12, 4));

        String generation = HEAD + "doc_to_text: \"{{q}}A:\"\ngeneration_kwargs: {until: \"\\n\", max_gen_toks: 5}\n";
        RenderedRow generated = first(generation + "doc_to_target: n\n", row);
        assertThat(generated.requests()).containsExactly(new GenerateRequest("Q A:", List.of("\n"), 5));
        assertThat(generated.expected()).isEqualTo(new Expected.References(List.of("7")));
        assertThat(first(generation + "doc_to_target: l\n", row).expected())
                .isEqualTo(new Expected.References(List.of("x", "y")));
        assertThat(first(generation + "doc_to_target: \"{{l}}\"\n", row).expected())
                .isEqualTo(new Expected.References(List.of("x", "y")));
    }

    @Test
    void rendersTheDecontaminationQuery() {
        String yaml = CHOICE + "should_decontaminate: true\ndoc_to_decontamination_query: \"<{{q}}>\"\n";
        assertThat(first(yaml, "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": 0}")
                        .decontaminationQuery())
                .contains("<Q>");
    }

    @Test
    void hashesRequestsByContent() {
        String row = "{\"q\": \"Q\", \"choices\": [\"a\", \"b\"], \"gold\": %d}";
        String hash = first(CHOICE, row.formatted(0)).requestHash();
        assertThat(hash)
                .matches("[0-9a-f]{64}")
                .isEqualTo(first(CHOICE, row.formatted(1)).requestHash());
        assertThat(first(CHOICE, row.formatted(0).replace("Q", "R")).requestHash())
                .isNotEqualTo(hash);
    }

    static Stream<Arguments> badRows() {
        return Stream.of(
                Arguments.of("{\"q\": \"Q\", \"choices\": [\"a\"]}", "the row has no field 'gold'"),
                Arguments.of(
                        "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": null}", "no gold answer: the target is null"),
                Arguments.of(
                        "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": []}",
                        "no gold answer: the target is an empty list"),
                Arguments.of(
                        "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": 1}",
                        "gold answer 1 is not one of the 1 choices"),
                Arguments.of(
                        "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": -1}",
                        "gold answer -1 is not one of the 1 choices"),
                Arguments.of(
                        "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": \"b\"}",
                        "gold answer 'b' is not one of the 1 choices"),
                Arguments.of("{\"q\": \"Q\", \"choices\": [], \"gold\": 0}", "the row has 0 choices"),
                Arguments.of("{\"q\": \"Q\", \"choices\": [\"a\", \"\"], \"gold\": 0}", "choice 1 is empty"),
                Arguments.of("{\"q\": \"Q\", \"choices\": [\"a\", 3], \"gold\": 0}", "choice 1 is not a text"),
                Arguments.of("{\"q\": \"Q\", \"choices\": \"a\", \"gold\": 0}", "the choices are not a list"),
                Arguments.of(
                        "{\"choices\": [\"a\"], \"gold\": 0}",
                        "the template fails for row rows.jsonl:2: 'q' is undefined"));
    }

    @ParameterizedTest
    @MethodSource("badRows")
    void refusesBadRowsWithFileAndLine(String row, String reason) {
        String good = "{\"q\": \"Q\", \"choices\": [\"a\", \"b\"], \"gold\": 0}\n";
        List<RenderedRow> rendered = new ArrayList<>();
        InvalidFileException refused = catchThrowableOfType(
                InvalidFileException.class,
                () -> renderer(CHOICE, good + row, 0).forEach(rendered::add));
        assertThat(rendered).hasSize(1);
        assertThat(refused).hasMessageContaining(reason).hasMessageContaining("rows.jsonl:2");
    }

    @Test
    void refusesEmptyTargetsAndTextsThatAreNumbers() {
        String text = HEAD + "output_type: loglikelihood\ndoc_to_text: q\ndoc_to_target: a\n";
        assertThatThrownBy(() -> first(text, "{\"q\": \"Q\", \"a\": \"\"}"))
                .hasMessageStartingWith("rows.jsonl:1: the row has no gold");
        String rolling = HEAD + "output_type: loglikelihood_rolling\ndoc_to_target: a\n";
        assertThat(first(rolling, "{\"a\": \"\"}").expected()).isEqualTo(new Expected.Document(0, 1));
        assertThatThrownBy(() -> first(text, "{\"q\": 5, \"a\": \"x\"}"))
                .hasMessageStartingWith("rows.jsonl:1: 'doc_to_text' of the row is 5, not a text");
    }

    @Test
    void refusesMoreShotsThanRows() {
        String row = "{\"q\": \"Q\", \"choices\": [\"a\"], \"gold\": 0}";
        String yaml = CHOICE + "fewshot_split: test\n";
        assertThatThrownBy(() -> renderer(yaml, row + "\n" + row, 2).iterator().next())
                .hasMessageContaining("the few-shot split has 2 rows, but a request needs 3");
        assertThatThrownBy(() -> renderer(yaml, row + "\n" + row, 1).iterator().next())
                .as("both rows are equal, so neither is an example of the other")
                .hasMessageContaining("the few-shot split has 0 rows, but a request needs 1");
        assertThatThrownBy(() -> renderer(yaml, row, 101)).isInstanceOf(IllegalArgumentException.class);
    }

    private String firstExample(String yaml, String rows, long seed) {
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml).with("rows.jsonl", rows);
        Task task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        RenderedRow row = new TaskRenderer(task, suite, OptionalInt.of(1), seed, PromptFormat.PLAIN)
                .iterator()
                .next();
        return ((LoglikelihoodRequest) row.requests().getFirst()).context();
    }

    private List<Integer> gold(String yaml, String row) {
        return ((Expected.Choice) first(yaml, row).expected()).gold();
    }

    private RenderedRow first(String yaml, String rows) {
        return all(yaml, rows).getFirst();
    }

    private List<RenderedRow> all(String yaml, String rows) {
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml).with("rows.jsonl", rows);
        Task task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        List<RenderedRow> rendered = new ArrayList<>();
        new TaskRenderer(task, suite, OptionalInt.empty()).forEach(rendered::add);
        return rendered;
    }

    private TaskRenderer renderer(String yaml, String rows, int shots) {
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml).with("rows.jsonl", rows);
        Task task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        return new TaskRenderer(task, suite, OptionalInt.of(shots));
    }
}
