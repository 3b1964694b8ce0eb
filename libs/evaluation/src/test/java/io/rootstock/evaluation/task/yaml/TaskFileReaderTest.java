package io.rootstock.evaluation.task.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.evaluation.task.Choices;
import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.FewShots;
import io.rootstock.evaluation.task.FilterPipeline;
import io.rootstock.evaluation.task.FilterStep;
import io.rootstock.evaluation.task.GenerationSetting;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.MetricSetting;
import io.rootstock.evaluation.task.OutputType;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.Target;
import io.rootstock.evaluation.task.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskFileReaderTest {
    @TempDir
    private Path folder;

    @Test
    void readsEveryKeyOfAGenerationTask() {
        Task task = read("""
                task: gsm8k
                task_alias: maths
                tag: [math_word_problems]
                group: old
                dataset_path: openai/gsm8k
                dataset_name: main
                training_split: train
                test_split: test
                fewshot_split: train
                output_type: generate_until
                doc_to_text: |
                  Question: {{question}}
                  Answer:
                doc_to_target: "{{answer}}"
                description: "Solve.\\n"
                target_delimiter: ""
                fewshot_delimiter: '\\n'
                num_fewshot: 5
                fewshot_config: {sampler: first_n}
                generation_kwargs:
                  until: ["Q:", "</s>"]
                  do_sample: no
                  temperature: 0.0
                  max_gen_toks: 64
                metric_list:
                  - metric: exact_match
                    aggregation: mean
                    higher_is_better: true
                    ignore_case: true
                    ignore_punctuation: false
                    regexes_to_ignore: [",", "\\\\$"]
                filter_list:
                  - name: strict-match
                    filter:
                      - function: regex
                        regex_pattern: "#### (\\\\-?[0-9\\\\.\\\\,]+)"
                        group_select: -1
                      - function: take_first
                  - name: flexible
                    filter: [{function: remove_whitespace}, {function: lowercase}]
                should_decontaminate: true
                doc_to_decontamination_query: question
                repeats: 1
                metadata: {version: 3.0}
                """);

        assertThat(task.name()).isEqualTo("gsm8k");
        assertThat(task.version()).contains("3.0");
        assertThat(task.outputType()).isEqualTo(OutputType.GENERATE_UNTIL);
        assertThat(task.text().text()).isEqualTo("Question: {{question}}\nAnswer:\n");
        assertThat(task.text().line()).isEqualTo(12);
        assertThat(task.fewshotDelimiter())
                .as("single quotes keep the backslash")
                .isEqualTo("\\n");
        assertThat(task.fewShots()).isEqualTo(new FewShots(5, Optional.of("train"), FewShots.Sampler.FIRST_N));
        assertThat(task.generation()).contains(new GenerationSetting(List.of("Q:", "</s>"), 64));
        MetricSetting metric = task.metrics().getFirst();
        assertThat(metric.metric()).isEqualTo(Metric.EXACT_MATCH);
        assertThat(metric.ignoreCase()).isTrue();
        assertThat(metric.regexesToIgnore()).extracting("text").containsExactly(",", "\\$");
        assertThat(task.filters()).extracting(FilterPipeline::name).containsExactly("strict-match", "flexible");
        assertThat(task.filters().getFirst().steps().getFirst())
                .isInstanceOfSatisfying(FilterStep.Regex.class, regex -> {
                    assertThat(regex.group()).isEqualTo(-1);
                    assertThat(regex.fallback()).isEqualTo("[invalid]");
                });
        assertThat(task.decontaminationQuery())
                .hasValueSatisfying(query -> assertThat(query.text()).isEqualTo("question"));
        assertThat(task.dataset().splits().get("train").paths()).containsExactly("rows/train.jsonl");
    }

    @Test
    void hasTheHarnessDefaults() {
        Task task = read("""
                task: t
                dataset_path: openai/gsm8k
                dataset_name: main
                validation_split: test
                doc_to_text: question
                doc_to_target: answer
                """);
        assertThat(task.outputType()).isEqualTo(OutputType.GENERATE_UNTIL);
        assertThat(task.targetDelimiter()).isEqualTo(" ");
        assertThat(task.fewshotDelimiter()).isEqualTo("\n\n");
        assertThat(task.generation()).contains(new GenerationSetting(List.of("\n\n"), 256));
        assertThat(task.metrics()).containsExactly(MetricSetting.of(Metric.EXACT_MATCH));
        assertThat(task.filters()).containsExactly(FilterPipeline.NONE);
        assertThat(task.fewShots().count()).isZero();
        assertThat(task.evaluatedSplit()).isEqualTo("test");
        assertThat(task.fewshotSplit()).isEqualTo("test");
        assertThat(task.dropsEvaluatedRow())
                .as("neither few-shot nor test split is stated")
                .isTrue();
        assertThat(task.decontaminationQuery()).isEmpty();
    }

    @Test
    void mergesIncludesWithLocalKeysLast() {
        SuiteFolder suite = new SuiteFolder(folder)
                .with("shared/choice.yaml", "output_type: multiple_choice\ndoc_to_text: a\ntest_split: test\n")
                .with("shared/more.yaml", "include: choice.yaml\ndoc_to_choice: [\"no\", \"yes\"]\ndoc_to_text: b\n")
                .with("task.yaml", """
                        include: [shared/more.yaml]
                        task: t
                        dataset_path: csv
                        dataset_kwargs: {data_files: {test: r.tsv}, sep: "\\t", column_names: [q, label], quoting: 3}
                        doc_to_target: 1
                        """);
        Task task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        assertThat(task.text().text()).isEqualTo("b");
        assertThat(task.text().file()).isEqualTo("shared/more.yaml");
        assertThat(task.target()).isEqualTo(new Target.Fixed(1));
        assertThat(task.choices()).contains(new Choices.Fixed(List.of("no", "yes")));
        assertThat(task.dataset().splits())
                .containsEntry(
                        "test",
                        new DataFile(
                                List.of("r.tsv"),
                                new RowFormat.Delimited('\t', List.of("q", "label"), false),
                                "task.yaml",
                                4));
    }

    private Task read(String yaml) {
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml);
        Map<String, DataFile> splits = Map.of(
                "train", new DataFile(List.of("rows/train.jsonl"), new RowFormat.JsonLines(), "suite.yaml", 1),
                "test", new DataFile(List.of("rows/test.jsonl"), new RowFormat.JsonLines(), "suite.yaml", 1));
        return TaskFileReader.read(suite, "task.yaml", new DatasetMappings(Map.of("openai/gsm8k/main", splits)));
    }
}
