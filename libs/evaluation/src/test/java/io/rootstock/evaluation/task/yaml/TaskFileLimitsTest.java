package io.rootstock.evaluation.task.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.yaml.InvalidFileException;
import io.rootstock.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits, includes and generation options of task files. */
class TaskFileLimitsTest {
    private static final String VALID = """
            task: t
            dataset_path: json
            dataset_kwargs:
              data_files:
                test: rows.jsonl
            test_split: test
            output_type: generate_until
            doc_to_text: "{{q}}"
            doc_to_target: gold
            """;

    @TempDir
    private Path folder;

    static Stream<Arguments> malformedGenerations() {
        return Stream.of(
                Arguments.of("generation_kwargs: {do_sample: true}\n", "do_sample: true is not supported"),
                Arguments.of("generation_kwargs: {temperature: 0.7}\n", "a temperature other than 0"),
                Arguments.of("generation_kwargs: {top_p: 0.9}\n", "'generation_kwargs.top_p' is not supported"),
                Arguments.of("generation_kwargs: {until: [\"\"]}\n", "'until' has an empty text"),
                Arguments.of("generation_kwargs: {max_gen_toks: 0}\n", "is 0, not from 1 to 32768"),
                Arguments.of("filter_list: [{name: a, filter: [{function: map}]}]\n", "filter 'map' is not supported"),
                Arguments.of("filter_list: [{filter: [{function: lowercase}]}]\n", "'filter_list.name' is missing"),
                Arguments.of(
                        "filter_list: [{name: a, filter: []}, {name: a, filter: []}]\n", "two filters are named 'a'"),
                Arguments.of(
                        "filter_list: [{name: a, filter: [{function: regex, regex_pattern: '('}]}]\n",
                        "invalid regular expression '('"),
                Arguments.of(
                        "metric_list: [{metric: exact_match, regexes_to_ignore: ['[']}]\n",
                        "invalid regular expression '['"),
                Arguments.of("doc_to_choice:\n", "'doc_to_target' is a number without doc_to_choice"));
    }

    @ParameterizedTest
    @MethodSource("malformedGenerations")
    void refusesMalformedGenerations(String yaml, String reason) {
        String text = VALID + yaml;
        InvalidFileException refused =
                refused(yaml.startsWith("doc_to_choice") ? text.replace("target: gold", "target: 1") : text);
        assertThat(refused.reason()).contains(reason);
        assertThat(refused.line()).isEqualTo(yaml.startsWith("doc_to_choice") ? 9 : 10);
    }

    @Test
    void limitsBytesValuesAndNesting() {
        assertThat(refused(VALID + "#".repeat(YamlReader.FILE_BYTES)).reason()).contains("more than 262144 bytes");
        assertThat(refused("task: " + "[".repeat(40) + "]".repeat(40)).reason()).containsIgnoringCase("nest");
        String values = IntStream.range(0, YamlReader.VALUES + 1)
                .mapToObj(i -> "a")
                .collect(Collectors.joining(",", "tag: [", "]\n"));
        assertThat(refused(values).reason()).contains("more than 10000 values");
    }

    @Test
    void limitsExpandedAliases() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s]%n".formatted(i, i, String.join(",", java.util.Collections.nCopies(10, alias))));
        }
        assertThat(refused(bomb.toString()).reason()).contains("after aliases are expanded");
        assertThat(refused("a: &a [*a]\n").reason()).contains("nested deeper than 16");
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        SuiteFolder suite =
                new SuiteFolder(folder).with("task.yaml", "task: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(catchThrowableOfType(InvalidFileException.class, () -> SuiteYaml.read(suite, "task.yaml")))
                .hasMessageContaining("task.yaml: the file is not UTF-8");
    }

    @Test
    void refusesAChainOfTooManyIncludes() {
        SuiteFolder suite = new SuiteFolder(folder);
        for (int i = 0; i < 7; i++) {
            suite.with("f%d.yaml".formatted(i), "include: f%d.yaml%n".formatted(i + 1));
        }
        InvalidFileException refused = catchThrowableOfType(
                InvalidFileException.class, () -> TaskFileReader.read(suite, "f0.yaml", DatasetMappings.NONE));
        assertThat(refused.reason()).isEqualTo("includes are nested deeper than 5");
        assertThat(refused.file()).isEqualTo("f4.yaml");
    }

    @Test
    void namesTheIncludedFileOfABadValue() {
        SuiteFolder suite = new SuiteFolder(folder)
                .with("base/base.yaml", "# shared\nrepeats: 2\n")
                .with("task.yaml", VALID + "include: base/base.yaml\n");
        InvalidFileException refused = catchThrowableOfType(
                InvalidFileException.class, () -> TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE));
        assertThat(refused).hasMessageStartingWith("base/base.yaml:2: repeats 2");
    }

    private InvalidFileException refused(String yaml) {
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml);
        InvalidFileException refused = catchThrowableOfType(
                InvalidFileException.class, () -> TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE));
        assertThat(refused).as("nothing was refused in:%n%s", yaml).isNotNull();
        return refused;
    }
}
