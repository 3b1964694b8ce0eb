package io.rootstock.evaluation.task.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.yaml.InvalidFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of malformed task file is refused with file, line and remedy. */
class MalformedTaskFileTest {
    private static final String VALID = """
            task: t
            dataset_path: json
            dataset_kwargs:
              data_files:
                test: rows.jsonl
            test_split: test
            output_type: multiple_choice
            doc_to_text: "{{q}}"
            doc_to_target: gold
            doc_to_choice: choices
            """;

    @TempDir
    private Path folder;

    private static Arguments added(String kind, String yaml, int line, String reason, String hint) {
        return Arguments.of(kind, VALID + yaml, line, reason, hint);
    }

    private static Arguments changed(String kind, String line, String with, int at, String reason, String hint) {
        assertThat(VALID).contains(line);
        return Arguments.of(kind, VALID.replace(line, with), at, reason, hint);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("empty file", "", 1, "the file is empty", "write KEY: VALUE lines"),
                Arguments.of("not a mapping", "- a\n- b\n", 1, "not a mapping", "write KEY: VALUE lines"),
                Arguments.of("invalid YAML", "task: [a\nb: c\n", 2, "invalid YAML", "correct the YAML"),
                Arguments.of("tab as indentation", "task:\n\ta: b\n", 2, "invalid YAML", "correct the YAML"),
                Arguments.of("two documents", "task: a\n---\ntask: b\n", 2, "invalid YAML", "correct the YAML"),
                added("unknown key", "shots: 3\n", 11, "unknown key 'shots'", "known keys: dataset_kwargs"),
                added("duplicate key", "task: t2\n", 11, "duplicate key 'task'", "remove one of the two"),
                added("merge key", "metadata:\n  <<: {a: b}\n", 12, "merge key", "write the keys"),
                added(
                        "python function",
                        "process_docs: !function utils.f\n",
                        11,
                        "key 'process_docs': tag !function utils.f",
                        "Jinja template"),
                added(
                        "python object",
                        "metadata: !!python/object:os.system {}\n",
                        11,
                        "is not supported",
                        "remove the tag"),
                added(
                        "process_results",
                        "process_results: f\n",
                        11,
                        "key 'process_results' is not supported",
                        "metric_list"),
                added(
                        "python class",
                        "class: Task\n",
                        11,
                        "key 'class' is not supported",
                        "Python classes are not run"),
                added("gen_prefix", "gen_prefix: 'A:'\n", 11, "'gen_prefix' is not supported", "end of doc_to_text"),
                changed("missing task", "task: t\n", "", 1, "key 'task' is missing", "add task:"),
                changed("task list", "task: t\n", "task: [a, b]\n", 1, "'task' is a list", "suite.yaml"),
                changed("invalid task name", "task: t\n", "task: ../t\n", 1, "invalid task name '../t'", "use letters"),
                changed(
                        "name is a number",
                        "task: t\n",
                        "task: 12\n",
                        1,
                        "'task' must be a text, not an integer",
                        "quote"),
                changed(
                        "missing doc_to_target",
                        "doc_to_target: gold\n",
                        "",
                        1,
                        "'doc_to_target' is missing",
                        "add doc_to_target:"),
                changed(
                        "missing doc_to_choice",
                        "doc_to_choice: choices\n",
                        "",
                        1,
                        "'doc_to_choice' is missing",
                        "add doc_to_choice:"),
                changed(
                        "unknown output_type",
                        "multiple_choice",
                        "classify",
                        7,
                        "unknown output_type 'classify'",
                        "choose from loglikelihood,"),
                changed(
                        "hub data",
                        "dataset_path: json",
                        "dataset_path: allenai/ai2_arc",
                        2,
                        "dataset 'allenai/ai2_arc' has no local row files",
                        "nothing is downloaded"),
                changed(
                        "no data files",
                        "dataset_kwargs:\n  data_files:\n    test: rows.jsonl\n",
                        "",
                        2,
                        "dataset 'json' has no local row files",
                        "data_files"),
                changed(
                        "absolute row file",
                        "test: rows.jsonl",
                        "test: /etc/passwd",
                        5,
                        "is not inside the suite",
                        "copy the file"),
                changed(
                        "row file outside",
                        "test: rows.jsonl",
                        "test: ../rows.jsonl",
                        5,
                        "leaves the suite",
                        "copy the file"),
                changed(
                        "URL of a row file",
                        "test: rows.jsonl",
                        "test: https://host/rows.jsonl",
                        5,
                        "not inside the suite",
                        "copy the file"),
                changed(
                        "unknown split",
                        "test_split: test",
                        "test_split: dev",
                        6,
                        "has no split 'dev'",
                        "choose from test"),
                changed(
                        "no evaluated split",
                        "test_split: test\n",
                        "",
                        1,
                        "'test_split' and 'validation_split' are missing",
                        "add test_split"),
                changed(
                        "unknown few-shot split",
                        "test_split: test\n",
                        "test_split: test\nfewshot_split: train\n",
                        7,
                        "has no split 'train'",
                        "choose from test"),
                changed("invalid template", "{{q}}", "{{q", 8, "invalid template", "correct the template"),
                changed(
                        "template with macro",
                        "{{q}}",
                        "{% macro m() %}{% endmacro %}",
                        8,
                        "tag 'macro' is not supported",
                        "correct the template"),
                changed(
                        "unsupported filter",
                        "{{q}}",
                        "{{q|pprint}}",
                        8,
                        "filter 'pprint' is not supported",
                        "correct the template"),
                changed(
                        "template in a block",
                        "doc_to_text: \"{{q}}\"",
                        "doc_to_text: |\n  a\n  {{q|pprint}}",
                        10,
                        "filter 'pprint' is not supported",
                        "correct the template"),
                changed(
                        "choices are a mapping",
                        "doc_to_choice: choices",
                        "doc_to_choice: {a: b}",
                        10,
                        "'doc_to_choice' is a mapping",
                        "write a list"),
                changed(
                        "choices are booleans",
                        "doc_to_choice: choices",
                        "doc_to_choice: [no, yes]",
                        10,
                        "must be a text, not true or false",
                        "quote the value"),
                changed(
                        "empty choices",
                        "doc_to_choice: choices",
                        "doc_to_choice: []",
                        10,
                        "has 0 choices",
                        "write 1 to"),
                changed(
                        "an empty choice",
                        "doc_to_choice: choices",
                        "doc_to_choice: [a, \"\"]",
                        10,
                        "a choice is empty",
                        "write a text"),
                changed(
                        "target without choices",
                        "doc_to_target: gold\ndoc_to_choice: choices",
                        "doc_to_target: 1",
                        1,
                        "'doc_to_choice' is missing",
                        "add doc_to_choice"),
                added("date as a value", "description: 2020-01-01\n", 11, "special value of YAML 1.1", "quote it"),
                added("octal number", "num_fewshot: 010\n", 11, "special value of YAML 1.1", "quote it"),
                added(
                        "too many shots",
                        "num_fewshot: 101\n",
                        11,
                        "'num_fewshot' is 101, not from 0 to 100",
                        "within these bounds"),
                added(
                        "shots are a text",
                        "num_fewshot: \"3\"\n",
                        11,
                        "'num_fewshot' must be an integer, not a text",
                        "without quotes"),
                added(
                        "unknown sampler",
                        "fewshot_config: {sampler: balanced}\n",
                        11,
                        "unknown sampler 'balanced'",
                        "default, first_n"),
                added(
                        "inline examples",
                        "fewshot_config: {samples: []}\n",
                        11,
                        "'fewshot_config.samples' is not supported",
                        "row file"),
                added("repeats", "repeats: 3\n", 11, "repeats 3 is not supported", "repeats: 1"),
                added(
                        "unknown metric",
                        "metric_list: [{metric: f1}]\n",
                        11,
                        "metric 'f1' is not supported for multiple_choice",
                        "choose from acc,"),
                added(
                        "metric of another type",
                        "metric_list:\n  - metric: exact_match\n",
                        12,
                        "'exact_match' is not supported",
                        "choose from acc,"),
                added(
                        "metric without a name",
                        "metric_list:\n  - aggregation: mean\n",
                        12,
                        "'metric_list.metric' is missing",
                        "add metric:"),
                added(
                        "metric twice",
                        "metric_list: [{metric: acc},\n {metric: acc}]\n",
                        12,
                        "stated twice",
                        "remove one"),
                added("no metrics", "metric_list: []\n", 11, "'metric_list' is empty", "name a metric"),
                added(
                        "unknown aggregation",
                        "metric_list:\n  - metric: acc\n    aggregation: median\n",
                        13,
                        "aggregation 'median' of metric 'acc'",
                        "aggregation: mean"),
                added(
                        "wrong direction",
                        "metric_list:\n  - metric: acc\n    higher_is_better: false\n",
                        13,
                        "higher_is_better of metric 'acc' is false",
                        "higher_is_better: true"),
                added(
                        "option of another metric",
                        "metric_list:\n  - metric: acc\n    ignore_case: true\n",
                        13,
                        "unknown key 'metric_list.ignore_case'",
                        "known keys"),
                added(
                        "metric of the evaluate package",
                        "metric_list:\n  - metric: acc\n    hf_evaluate: true\n",
                        13,
                        "hf_evaluate' is not supported",
                        "remove it"),
                added(
                        "filters of choices",
                        "filter_list: [{name: a, filter: [{function: lowercase}]}]\n",
                        11,
                        "needs output_type: generate_until",
                        "remove it"),
                added(
                        "options of a generation",
                        "generation_kwargs: {until: [\"\\n\"]}\n",
                        11,
                        "needs output_type: generate_until",
                        "remove it"),
                changed(
                        "auc without a positive class",
                        "doc_to_choice: choices\n",
                        "doc_to_choice: [a, b, c]\nmetric_list: [{metric: auc}]\n",
                        11,
                        "metric 'auc' needs a positive class among 3 choices",
                        "positive_class"),
                changed(
                        "positive class outside of the choices",
                        "doc_to_choice: choices\n",
                        "doc_to_choice: [a, b]\nmetadata: {positive_class: c}\n",
                        11,
                        "'metadata.positive_class' is 'c', not a choice",
                        "name a choice"),
                changed(
                        "labels for other choices",
                        "doc_to_choice: choices\n",
                        "doc_to_choice: [a, b]\nmetadata: {class_labels: [\"1\"]}\n",
                        11,
                        "'metadata.class_labels' has 1 labels for 2 choices",
                        "one label for each choice"),
                added(
                        "repeated label",
                        "metadata: {class_labels: [x, x]}\n",
                        11,
                        "'metadata.class_labels' has a label twice",
                        "remove one"),
                added(
                        "template of a text to classify",
                        "metadata: {classification_text: \"{{q\"}\n",
                        11,
                        "template",
                        ""),
                changed(
                        "classification of a generation",
                        "output_type: multiple_choice\n",
                        "output_type: generate_until\nmetadata: {classification_text: q}\n",
                        8,
                        "'metadata.classification_text' needs output_type: multiple_choice",
                        "remove it"),
                changed(
                        "calibration of a generation",
                        "output_type: multiple_choice\n",
                        "output_type: generate_until\nmetric_list: [{metric: ece}]\n",
                        8,
                        "metric 'ece' is not supported for generate_until",
                        "refusal"),
                added(
                        "missing include",
                        "include: other.yaml\n",
                        11,
                        "included file 'other.yaml' is not in the suite",
                        "add the file"),
                added(
                        "include of itself",
                        "include: task.yaml\n",
                        11,
                        "file 'task.yaml' includes itself",
                        "remove the include"),
                added("include outside", "include: ../other.yaml\n", 11, "leaves the suite", "copy the file"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefusedWithFileLineAndRemedy(String kind, String yaml, int line, String reason, String hint) {
        InvalidFileException refused = refused(yaml);
        assertThat(refused.file()).isEqualTo("task.yaml");
        assertThat(refused.reason()).contains(reason);
        assertThat(refused.line()).as(refused.getMessage()).isEqualTo(line);
        assertThat(refused.hint()).contains(hint);
        assertThat(refused).hasMessage("task.yaml:%d: %s%nhint: %s".formatted(line, refused.reason(), refused.hint()));
    }

    private InvalidFileException refused(String yaml) {
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml);
        InvalidFileException refused = catchThrowableOfType(
                InvalidFileException.class, () -> TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE));
        assertThat(refused).as("nothing was refused in:%n%s", yaml).isNotNull();
        return refused;
    }
}
