package io.rootstock.evaluation.task.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.yaml.DatasetMappings;
import io.rootstock.evaluation.task.yaml.TaskFileReader;
import io.rootstock.yaml.InvalidFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptFormatTest {
    private static final String HEAD = """
            task: t
            dataset_path: json
            dataset_kwargs: {data_files: {test: rows.jsonl}}
            test_split: test
            fewshot_config: {sampler: first_n}
            doc_to_text: "Q {{q}}"
            """;
    private static final String CHOICE = HEAD + """
            output_type: multiple_choice
            doc_to_target: gold
            doc_to_choice: [no, yes]
            """.replace("[no, yes]", "[\"no\", \"yes\"]");
    private static final String ROWS = "{\"q\": \"a\", \"gold\": 1}\n{\"q\": \"b\", \"gold\": 0}\n";

    @TempDir
    private Path folder;

    private List<RenderedRow> rows(String yaml, String json, int shots, PromptFormat format) {
        SuiteFolder suite = new SuiteFolder(folder).with("task.yaml", yaml).with("rows.jsonl", json);
        Task task = TaskFileReader.read(suite, "task.yaml", DatasetMappings.NONE);
        List<RenderedRow> rows = new ArrayList<>();
        new TaskRenderer(task, suite, OptionalInt.of(shots), TaskRenderer.SEED, format).forEach(rows::add);
        return rows;
    }

    private static ChatMessage user(String content) {
        return new ChatMessage("user", content);
    }

    private static ChatMessage assistant(String content) {
        return new ChatMessage("assistant", content);
    }

    @Test
    void chatPromptsAreMessagesWithoutDelimiters() {
        List<RenderedRow> rows = rows(CHOICE + "description: \"Be brief.\\n\"\n", ROWS, 1, PromptFormat.CHAT);
        List<ChatMessage> messages =
                List.of(new ChatMessage("system", "Be brief.\n"), user("Q a"), assistant("yes"), user("Q b"));
        assertThat(rows.get(1).requests())
                .containsExactly(
                        new ChatLoglikelihoodRequest(messages, "no"), new ChatLoglikelihoodRequest(messages, "yes"));
        assertThat(rows.get(1).expected()).isEqualTo(new Expected.Choice(List.of("no", "yes"), List.of(0)));
    }

    @Test
    void chatPromptsHaveTheTargetOfOtherTypesUnchanged() {
        String cloze = HEAD + "output_type: loglikelihood\ndoc_to_target: \" {{q}}\"\n";
        assertThat(rows(cloze, ROWS, 0, PromptFormat.CHAT).getFirst().requests())
                .containsExactly(new ChatLoglikelihoodRequest(List.of(user("Q a")), " a"));
        String generation = HEAD + "doc_to_target: q\ngeneration_kwargs: {until: [], max_gen_toks: 9}\n";
        assertThat(rows(generation, ROWS, 1, PromptFormat.CHAT).get(1).requests())
                .containsExactly(
                        new ChatGenerateRequest(List.of(user("Q a"), assistant("a"), user("Q b")), List.of(), 9));
        String rolling = HEAD + "output_type: loglikelihood_rolling\ndoc_to_target: q\n";
        assertThat(rows(rolling, ROWS, 0, PromptFormat.CHAT).getFirst().requests())
                .containsExactly(new RollingRequest("a"));
        String inputs = CHOICE.replace("\"Q {{q}}\"", "gold").replace("doc_to_target: gold", "doc_to_target: q");
        assertThat(rows(inputs, ROWS, 0, PromptFormat.CHAT).getFirst().requests())
                .containsExactly(
                        new ChatLoglikelihoodRequest(List.of(user("no")), "a"),
                        new ChatLoglikelihoodRequest(List.of(user("yes")), "a"));
    }

    @Test
    void theHashTellsTheFormatsApart() {
        List<String> hashes = new ArrayList<>();
        for (PromptFormat format : PromptFormat.values()) {
            hashes.add(rows(CHOICE, ROWS, 0, format).getFirst().requestHash());
        }
        assertThat(hashes).doesNotHaveDuplicates();
    }

    @Test
    void classifiersReadTheQuestionOrTheStatedText() {
        String described = CHOICE + "description: \"Be brief.\"\n";
        assertThat(rows(described, ROWS, 0, PromptFormat.CLASSIFIER).getFirst().requests())
                .containsExactly(new ClassifyRequest("Q a", "no", "no"), new ClassifyRequest("Q a", "yes", "yes"));
        String stated = CHOICE + "metadata: {classification_text: \"<{{q}}>\", class_labels: [\"0\", \"1\"]}\n";
        assertThat(rows(stated, ROWS, 0, PromptFormat.CLASSIFIER).getFirst().requests())
                .containsExactly(new ClassifyRequest("<a>", "no", "0"), new ClassifyRequest("<a>", "yes", "1"));
        assertThat(rows(stated, ROWS, 0, PromptFormat.PLAIN).getFirst().requests())
                .isEqualTo(rows(CHOICE, ROWS, 0, PromptFormat.PLAIN).getFirst().requests());
    }

    @Test
    void classifiersRefuseOtherTasks() {
        String generation = HEAD + "doc_to_target: q\n";
        assertThatThrownBy(() -> rows(generation, ROWS, 0, PromptFormat.CLASSIFIER))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("task t is a generate_until task")
                .hasMessageContaining("hint: select multiple_choice tasks, with 0 shots");
        assertThatThrownBy(() -> rows(CHOICE, ROWS, 1, PromptFormat.CLASSIFIER))
                .hasMessageContaining("task t has 1 few-shot examples");
        String mutual = CHOICE + "metric_list: [{metric: acc}, {metric: acc_mutual_info}]\n";
        assertThatThrownBy(() -> rows(mutual, ROWS, 0, PromptFormat.CLASSIFIER))
                .hasMessageContaining("has the metric acc_mutual_info");
        String inputs = CHOICE.replace("\"Q {{q}}\"", "gold").replace("doc_to_target: gold", "doc_to_target: q");
        assertThatThrownBy(() -> rows(inputs, ROWS, 0, PromptFormat.CLASSIFIER))
                .hasMessageStartingWith("rows.jsonl:1: the row has no text to classify: doc_to_text is a choice");
        String labels = CHOICE.replace("[\"no\", \"yes\"]", "\"{{choices}}\"") + "metadata: {class_labels: [a]}\n";
        String three = "{\"q\": \"a\", \"gold\": 1, \"choices\": [\"x\", \"y\", \"z\"]}\n";
        assertThatThrownBy(() -> rows(labels, three, 0, PromptFormat.CLASSIFIER))
                .hasMessageContaining("the row has 3 choices, but metadata.class_labels has 1 classes");
    }

    @Test
    void theAucNeedsAPositiveClass() {
        String auc = CHOICE.replace("[\"no\", \"yes\"]", "\"{{choices}}\"") + "metric_list: [{metric: auc}]\n";
        String three = "{\"q\": \"a\", \"gold\": 1, \"choices\": [\"x\", \"y\", \"z\"]}\n";
        assertThatThrownBy(() -> rows(auc, three, 0, PromptFormat.PLAIN))
                .hasMessageStartingWith("rows.jsonl:1: the row has 3 choices, and metric auc needs a positive class")
                .hasMessageContaining("positive_class");
        RenderedRow row = rows(auc + "metadata: {positive_class: z}\n", three, 0, PromptFormat.PLAIN)
                .getFirst();
        assertThat(row.expected())
                .isEqualTo(new Expected.Choice(List.of("x", "y", "z"), List.of(1), OptionalInt.of(2)));
        assertThatThrownBy(() -> rows(auc + "metadata: {positive_class: w}\n", three, 0, PromptFormat.PLAIN))
                .hasMessageContaining("metadata.positive_class 'w' is not one of the 3 choices");
    }
}
