package io.rootstock.evaluator.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.evaluation.task.request.PromptFormat;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluator.TestSuite;
import io.rootstock.evaluator.scoring.RequestForm;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectedTasksTest {
    @TempDir
    private Path scratch;

    private ArtifactStore store;
    private Path folder;

    @BeforeEach
    void open() {
        store = new DirectoryArtifactStore(scratch.resolve("artifacts"));
        folder = scratch.resolve("workspace");
    }

    private List<EvaluatedTask> select(SuiteRevision revision, EvaluationSpec.Builder spec) throws IOException {
        return select(revision, spec, PromptFormat.PLAIN);
    }

    private List<EvaluatedTask> select(SuiteRevision revision, EvaluationSpec.Builder spec, PromptFormat format)
            throws IOException {
        SelectedTasks.writeFiles(revision, store, folder, () -> {});
        return SelectedTasks.of(new FolderFiles(folder), spec.build(), format);
    }

    private SuiteRevision kinds() throws IOException {
        return TestSuite.ofAllKinds(scratch.resolve("suite")).store(store);
    }

    private static List<String> hashes(EvaluatedTask task) {
        List<String> hashes = new ArrayList<>();
        for (Iterator<RenderedRow> rows = task.rows(); rows.hasNext(); ) {
            hashes.add(rows.next().requestHash());
        }
        return hashes;
    }

    @Test
    void coreTasksHavePlainPromptsOnly() throws IOException {
        SuiteRevision revision = kinds();
        EvaluationSpec.Builder choice =
                EvaluationSpec.newBuilder().addTasks("choice").setShots(0);
        EvaluatedTask classified =
                select(revision, choice, PromptFormat.CLASSIFIER).getFirst();
        assertThat(classified.isClassified()).isTrue();
        EvaluatedTask chat = select(revision, choice, PromptFormat.CHAT).getFirst();
        assertThat(chat.isClassified()).isFalse();
        assertThat(hashes(chat))
                .doesNotContainAnyElementsOf(hashes(select(revision, choice).getFirst()));
        assertThatThrownBy(
                        () -> select(revision, EvaluationSpec.newBuilder().addTasks("core-choice"), PromptFormat.CHAT))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("task core-choice is a CORE task, whose prompts are for bases");
    }

    @Test
    void tasksAreInTheOrderOfTheSuiteWithTheirForms() throws IOException {
        List<EvaluatedTask> all = select(kinds(), EvaluationSpec.newBuilder());
        assertThat(all.stream().map(EvaluatedTask::name))
                .containsExactly("choice", "cloze", "documents", "answers", "core-choice", "core-schema", "core-cloze");
        assertThat(all.stream().map(EvaluatedTask::form))
                .containsExactly(
                        RequestForm.TEXTS,
                        RequestForm.TEXTS,
                        RequestForm.TEXTS,
                        RequestForm.TEXTS,
                        RequestForm.CORE_MULTIPLE_CHOICE,
                        RequestForm.CORE_SCHEMA,
                        RequestForm.TEXTS);
        assertThat(all.stream().map(EvaluatedTask::shots)).containsExactly(2, 0, 0, 0, 1, 0, 0);
        assertThat(all).allSatisfy(task -> assertThat(hashes(task)).hasSize(TestSuite.ROWS));
    }

    @Test
    void tasksLimitShotsAndSeedAreSelected() throws IOException {
        SuiteRevision revision = kinds();
        EvaluatedTask choice =
                select(revision, EvaluationSpec.newBuilder().addTasks("choice")).getFirst();
        EvaluatedTask few = select(
                        revision,
                        EvaluationSpec.newBuilder()
                                .addTasks("choice")
                                .addTasks("core-choice")
                                .setLimit(3))
                .getFirst();
        assertThat(hashes(few)).isEqualTo(hashes(choice).subList(0, 3));
        EvaluatedTask seeded = select(
                        revision, EvaluationSpec.newBuilder().addTasks("choice").setSeed(7))
                .getFirst();
        assertThat(hashes(seeded)).doesNotContainSequence(hashes(choice));
        EvaluatedTask standard = select(
                        revision, EvaluationSpec.newBuilder().addTasks("choice").setSeed(1234))
                .getFirst();
        assertThat(hashes(standard)).isEqualTo(hashes(choice));
        EvaluatedTask zero = select(
                        revision, EvaluationSpec.newBuilder().addTasks("choice").setShots(0))
                .getFirst();
        assertThat(zero.shots()).isZero();
        assertThat(hashes(zero)).isNotEqualTo(hashes(choice));
    }

    @Test
    void aTaskThatTheSuiteDoesNotHaveIsRefused() throws IOException {
        SuiteRevision revision = kinds();
        assertThatThrownBy(() -> select(revision, EvaluationSpec.newBuilder().addTasks("nowhere")))
                .isInstanceOf(InvalidFileException.class)
                .hasMessage(
                        "suite.yaml: the suite does not have the tasks nowhere\nhint: choose from the suite's tasks");
    }

    @Test
    void moreStopSequencesThanARequestHasAreRefused() throws IOException {
        StringBuilder until = new StringBuilder("['a0'");
        for (int i = 1; i <= EvaluatedTask.MAX_STOPS; i++) {
            until.append(", 'a").append(i).append('\'');
        }
        SuiteRevision revision = TestSuite.ofAllKinds(scratch.resolve("suite"))
                .with("answers.yaml", """
                        task: answers
                        dataset_path: json
                        dataset_kwargs: {data_files: {test: answers.jsonl}}
                        test_split: test
                        output_type: generate_until
                        doc_to_text: word
                        doc_to_target: word
                        generation_kwargs: {until: %s]}
                        """.formatted(until))
                .store(store);
        assertThatThrownBy(() -> select(revision, EvaluationSpec.newBuilder()))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith("answers.yaml: task answers: 'until' has more than 16 texts");
    }

    @Test
    void theFolderHasTheFilesOfTheLastRevisionOnly() throws IOException {
        select(kinds(), EvaluationSpec.newBuilder());
        SelectedTasks.writeFiles(file("a/b.txt", store(1)), store, folder, () -> {});
        assertThat(folder.resolve("a/b.txt")).hasContent("1");
        assertThat(folder.resolve("suite.yaml")).doesNotExist();
    }

    @Test
    void pathsOutsideTheFolderAndMissingFilesAreRefused() {
        Digest digest = store(1);
        for (String path : List.of("../b", "/b", "a/../../b", "")) {
            assertThatThrownBy(() -> SelectedTasks.writeFiles(file(path, digest), store, folder, () -> {}))
                    .as(path)
                    .isInstanceOf(InvalidFileException.class);
        }
        assertThatThrownBy(() ->
                        SelectedTasks.writeFiles(file("b", Digest.of(new byte[] {7})), store, folder, () -> {}))
                .isInstanceOf(NoSuchArtifactException.class);
        assertThat(scratch.resolve("b")).doesNotExist();
    }

    private Digest store(int number) {
        try {
            return store.putFile(Files.write(
                    scratch.resolve("file"), Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SuiteRevision file(String path, Digest digest) {
        return SuiteRevision.newBuilder()
                .addFiles(SuiteFile.newBuilder().setPath(path).setDigest(digest.value()))
                .build();
    }
}
