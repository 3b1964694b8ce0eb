package io.rootstock.evaluation.task.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.core.CoreBaselines;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.request.ChatGenerateRequest;
import io.rootstock.evaluation.task.request.ChatMessage;
import io.rootstock.evaluation.task.request.PromptFormat;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.TaskRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SuiteReaderTest {
    private static final String TASK =
            "task: %s%ndataset_path: org/data%ntest_split: test%noutput_type: loglikelihood%n"
                    + "doc_to_text: a%ndoc_to_target: b%n";

    @TempDir
    private Path folder;

    @Test
    void readsTasksCoreTasksAndDataMappings() {
        SuiteFolder suite = new SuiteFolder(folder)
                .with("suite.yaml", """
                        suite: mine
                        description: Two tasks
                        tasks: [a.yaml]
                        core_baselines: meta.csv
                        core:
                          - label: copa
                            dataset_uri: copa.jsonl
                            num_fewshot: [3]
                            icl_task_type: multiple_choice
                          - {label: lambada, dataset_uri: l.jsonl, icl_task_type: language_modeling, continuation_delimiter: ""}
                        data:
                          org/data:
                            test: {files: [x.en, x.de], format: lines, columns: [a, b]}
                        """)
                .with("a.yaml", TASK.formatted("first"))
                .with("meta.csv", "Eval Task,Random baseline\ncopa,50\n")
                .with("x.en", "one\n")
                .with("x.de", "eins\n");
        Suite read = SuiteReader.read(suite);
        assertThat(read.name()).isEqualTo("mine");
        assertThat(read.tasks()).extracting(Task::name).containsExactly("first");
        CoreTask copa = read.coreTasks().getFirst();
        assertThat(copa.shots()).isEqualTo(3);
        assertThat(copa.continuationDelimiter()).isEqualTo(" ");
        assertThat(copa.baseline()).contains(new CoreBaselines.Baseline(50, "unknown"));
        assertThat(read.coreTasks().getLast().continuationDelimiter()).isEmpty();
        assertThat(read.rowFiles()).containsExactly("x.en", "x.de", "copa.jsonl", "l.jsonl");
        assertThat(new TaskRenderer(read.tasks().getFirst(), suite, OptionalInt.empty()))
                .hasSize(1);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("tasks: [a.yaml]\n", 1, "key 'suite' is missing"),
                Arguments.of("suite: My Suite\n", 1, "invalid suite name 'My Suite'"),
                Arguments.of("suite: 2nd\n", 1, "invalid suite name '2nd'"),
                Arguments.of("suite: s\n", 1, "the suite has no tasks"),
                Arguments.of("suite: s\ntasks: [b.yaml]\n", 2, "task file 'b.yaml' is not in the suite"),
                Arguments.of(
                        "suite: s\ndata: {org/data: {test: r.jsonl}}\ntasks:\n- a.yaml\n- a.yaml\n",
                        5,
                        "two tasks are named 'a'"),
                Arguments.of("suite: s\nscore: 1\n", 2, "unknown key 'score'"),
                Arguments.of(
                        "suite: s\ndata: {org/data: {test: r.parquet}}\n", 2, "the format of 'r.parquet' is unknown"),
                Arguments.of(
                        "suite: s\ndata: {org/data: {test: {files: r, format: arrow}}}\n", 2, "unknown format 'arrow'"),
                Arguments.of("suite: s\ndata: {org/data: {test: {files: [], format: csv}}}\n", 2, "'files' is empty"),
                Arguments.of(
                        "suite: s\ndata: {org/data: {test: {files: a.csv, other_row: text}}}\n",
                        2,
                        "'other_row' is not a mapping"),
                Arguments.of(
                        "suite: s\ndata: {org/data: {test: {files: [a], format: lines, columns: [a, b]}}}\n",
                        2,
                        "2 columns for 1 files"),
                Arguments.of(
                        "suite: s\ncore:\n- {label: a, dataset_uri: a, icl_task_type: generation}\n",
                        3,
                        "'generation' is not supported"),
                Arguments.of(
                        "suite: s\ncore:\n- {label: a, dataset_uri: a, icl_task_type: schema, num_fewshot: [1, 2]}\n",
                        3,
                        "'num_fewshot' has 2 values"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesMalformedSuitesWithTheLine(String yaml, int line, String reason) {
        SuiteFolder suite = new SuiteFolder(folder).with("suite.yaml", yaml).with("a.yaml", TASK.formatted("a"));
        assertThatThrownBy(() -> SuiteReader.read(suite))
                .hasMessageStartingWith("suite.yaml:" + line + ": ")
                .hasMessageContaining(reason);
    }

    @Test
    void namesTheFileOfARefusedTask() {
        SuiteFolder suite = new SuiteFolder(folder)
                .with("suite.yaml", "suite: s\ntasks: [a.yaml]\n")
                .with("a.yaml", TASK.formatted("a"));
        assertThatThrownBy(() -> SuiteReader.read(suite))
                .hasMessageStartingWith("a.yaml:2: dataset 'org/data' has no local row files")
                .hasMessageContaining("add data: {org/data: {SPLIT: FILE}} to suite.yaml");
    }

    @Test
    void hidesFilesOutsideOfTheFolder() throws IOException {
        Path inside = Files.createDirectories(folder.resolve("inside"));
        Files.writeString(folder.resolve("secret.jsonl"), "{}");
        Files.createSymbolicLink(inside.resolve("link.jsonl"), folder.resolve("secret.jsonl"));
        Files.writeString(inside.resolve("own.jsonl"), "{}");
        FolderFiles files = new FolderFiles(inside);
        assertThat(files.has("own.jsonl")).isTrue();
        assertThat(files.has("link.jsonl")).isFalse();
        assertThat(files.has("../secret.jsonl")).isFalse();
        assertThat(files.has("no\0name")).isFalse();
        assertThatThrownBy(() -> files.open("link.jsonl")).isInstanceOf(IOException.class);
    }

    @Test
    void readsTheBuiltInSuites() {
        assertThat(BuiltInSuites.names()).containsExactly("abilities", "base", "classifier", "emergence", "instruct");
        Suite base = BuiltInSuites.read("base", new SuiteFolder(folder));
        assertThat(base.tasks())
                .extracting(Task::name)
                .containsExactly("bits_per_byte", "blimp", "lambada", "arc_easy", "boolq", "copa", "winogrande");
        Suite abilities = BuiltInSuites.read("abilities", new SuiteFolder(folder));
        assertThat(abilities.tasks())
                .extracting(Task::name)
                .containsExactly("translation_en_de", "summarisation", "sentiment", "question_answering");
        assertThat(abilities.rowFiles()).contains("qa/xquad.en.json", "translation/val.de.gz");
        assertThat(abilities.tasks().getFirst().dataset().splits().get("test").format())
                .isEqualTo(new RowFormat.AlignedLines(List.of("en", "de")));
        Suite emergence = BuiltInSuites.read("emergence", new SuiteFolder(folder));
        assertThat(emergence.tasks())
                .extracting(Task::name)
                .startsWith("bits_per_byte", "induction", "induction_reordered", "induction_first", "blimp")
                .hasSize(12);
        assertThat(emergence.rowFiles())
                .contains("held-out/text.jsonl", "induction/words.jsonl")
                .hasSize(8);
        assertThatThrownBy(() -> BuiltInSuites.read("other", new SuiteFolder(folder)))
                .hasMessage("unknown suite 'other'; known suites: abilities, base, classifier, emergence, instruct");
    }

    @Test
    void readsTheSuitesOfClassifiersAndInstructions() {
        SuiteFolder rows = new SuiteFolder(folder)
                .with(
                        "intents/clinc150.json",
                        "{\"oos_test\": [[\"who won\", \"oos\"]], \"test\": [[\"say it in italian\", \"translate\"]]}")
                .with("korean/nsmc-test.tsv", "id\tdocument\tlabel\n1\t굳 \"ㅋ\t1\n2\t\t0\n")
                .with("sms-spam-test.tsv", "spam\tFree \"entry\nham\tOk lar\n")
                .with("instruction-test.json", "[{\"instruction\": \"Add.\", \"input\": \"1 2\", \"output\": \"3\"}]");
        Suite classifier = BuiltInSuites.read("classifier", rows);
        assertThat(classifier.tasks()).extracting(Task::name).containsExactly("sst2", "intents", "sms_spam", "nsmc");
        assertThat(classifier.tasks())
                .allSatisfy(task -> assertThat(task.metrics())
                        .extracting(setting -> setting.metric().key())
                        .containsExactly("acc", "macro_f1", "mcc", "ece", "brier_score", "auc"));
        List<String> intents = requests(classifier, "intents", rows);
        assertThat(intents).hasSize(2 * 151).contains("Query: who won\nIntent:|| oos");
        assertThat(requests(classifier, "nsmc", rows)).contains("영화평: 굳 \"ㅋ\n감정:|| 긍정", "영화평:  \n감정:|| 부정");
        assertThat(requests(classifier, "sms_spam", rows))
                .contains("SMS: Free \"entry\nThis SMS is ham or spam:|| spam");

        Suite instruct = BuiltInSuites.read("instruct", rows);
        assertThat(instruct.tasks()).extracting(Task::name).containsExactly("instructions", "reading");
        assertThat(new TaskRenderer(
                        instruct.tasks().getFirst(), rows, OptionalInt.empty(), TaskRenderer.SEED, PromptFormat.CHAT))
                .singleElement()
                .satisfies(row -> assertThat(row.requests())
                        .containsExactly(new ChatGenerateRequest(
                                List.of(new ChatMessage("user", "Add.\n\n1 2")), List.of(), 256)));
    }

    @Test
    void rendersBuiltInTasksOverTheUsersRows() {
        SuiteFolder rows = new SuiteFolder(folder)
                .with(
                        "grammar/blimp-200-each.jsonl.gz",
                        SuiteFolder.gzip("{\"sentence_good\": \"It's.\", \"sentence_bad\": \"It.\"}\n"))
                .with(
                        "core/winogrande.jsonl",
                        "{\"context_options\": [\"A so A\", \"A so B\"], \"continuation\": \"x.\", \"gold\": 1}\n");
        Suite base = BuiltInSuites.read("base", rows);
        assertThat(requests(base, "blimp", rows)).containsExactly("|| It's.", "|| It.");
        assertThat(requests(base, "winogrande", rows)).containsExactly("A so A|| x.", "A so B|| x.");
    }

    @Test
    void scoresReferencesOfTheSuiteEmergenceAfterTheirSourceAndAnotherOne() {
        SuiteFolder rows = new SuiteFolder(folder)
                .with("translation/test_2016_flickr.en.gz", SuiteFolder.gzip("It's a \"dog\".\nA cat.\n"))
                .with("translation/test_2016_flickr.de.gz", SuiteFolder.gzip("Ein Hund.\nEine Katze.\n"))
                .with(
                        "summaries/xsum-test.jsonl",
                        "{\"document\": \"%s\", \"summary\": \"S.\"}%n{\"document\": \"b\", \"summary\": \"T.\"}%n"
                                .formatted("a\\n".repeat(400)))
                .with(
                        "qa/xquad.en.json",
                        "{\"data\": [{\"title\": \"t\", \"paragraphs\": [{\"context\": \"C.\", \"qas\": [{\"id\": \"1\","
                                + " \"question\": \"Q?\", \"answers\": [{\"text\": \"308\", \"answer_start\": 0}]}]}, {\"context\": \"D.\", \"qas\": [{\"id\": \"2\", \"question\": \"R?\","
                                + " \"answers\": [{\"text\": \"309\", \"answer_start\": 0}]}]}]}]}")
                .with(
                        "induction/words.jsonl",
                        "{\"first\": \"a\", \"repeated\": \"a b a\", \"reordered\": \"b a a\", \"word\": \"b\"}\n");
        Suite emergence = BuiltInSuites.read("emergence", rows);
        assertThat(requests(emergence, "translation_en_de_reference", rows))
                .containsExactly(
                        "English: It's a \"dog\".\nGerman:|| Ein Hund.",
                        "English: A cat.\nGerman:|| Ein Hund.",
                        "English: A cat.\nGerman:|| Eine Katze.",
                        "English: It's a \"dog\".\nGerman:|| Eine Katze.");
        assertThat(requests(emergence, "summarisation_reference", rows))
                .startsWith("a\n".repeat(300) + "\nTL;DR:|| S.", "b\nTL;DR:|| S.");
        assertThat(requests(emergence, "question_answering_reference", rows))
                .startsWith("C.\nQuestion: Q?\nAnswer:|| 308", "D.\nQuestion: Q?\nAnswer:|| 308");
        assertThat(requests(emergence, "induction", rows)).containsExactly("a b a|| b");
        assertThat(requests(emergence, "induction_reordered", rows)).containsExactly("b a a|| b");
        assertThat(requests(emergence, "induction_first", rows)).containsExactly("a|| b");
    }

    private static List<String> requests(Suite suite, String name, SuiteFolder rows) {
        Task task = suite.tasks().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        List<String> texts = new ArrayList<>();
        for (RenderedRow row : new TaskRenderer(task, rows, OptionalInt.empty())) {
            row.requests().forEach(request -> {
                var loglikelihood = (io.rootstock.evaluation.task.request.LoglikelihoodRequest) request;
                texts.add(loglikelihood.context() + "||" + loglikelihood.continuation());
            });
        }
        return texts;
    }
}
