package io.rootstock.cli.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.Digest;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.OutputFormat;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.display.TerminalWidth;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.suite.RowCheck.TaskRows;
import io.rootstock.evaluation.task.suite.BuiltInSuites;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSuiteTest {
    @TempDir
    private Path folder;

    private final List<String> shown = new ArrayList<>();
    private final StringWriter notes = new StringWriter();
    private final Console console = new Console(
            new PrintWriter(new StringWriter()),
            new PrintWriter(notes, true),
            OutputFormat.TABLE,
            false,
            TerminalWidth.UNLIMITED);

    @BeforeEach
    void write() throws IOException {
        SmallSuite.write(folder);
    }

    private LocalSuite read() {
        return LocalSuite.read(new FolderFiles(folder));
    }

    private List<TaskRows> check(boolean all) {
        return new RowCheck(read(), all, new Progress() {
                    @Override
                    public void show(long done, long total, String note) {
                        shown.add(done + "/" + total + " " + note);
                    }

                    @Override
                    public void close() {}
                })
                .run();
    }

    @Test
    void contentsAreTheFilesThatTheTasksNeed() throws IOException {
        Files.writeString(folder.resolve("unused.yaml"), "task: unused\n");
        Files.writeString(folder.resolve("notes.txt"), "unused");
        List<SuiteFile> contents = read().contents();
        assertThat(contents)
                .extracting(SuiteFile::getPath)
                .containsExactly("common.yaml", "copa.yaml", "rows/copa.jsonl", "suite.yaml");
        byte[] rows = SmallSuite.ROWS.getBytes(StandardCharsets.UTF_8);
        assertThat(contents.get(2).getDigest()).isEqualTo(Digest.of(rows).value());
        assertThat(contents.get(2).getBytes()).isEqualTo(rows.length);
    }

    @Test
    void allRowsOrTheFirstOfEachTaskAreRendered() throws IOException {
        assertThat(check(true)).containsExactly(new TaskRows("copa", 3));
        assertThat(shown).containsExactly("1/3 copa  1 row of 3", "2/3 copa  2 rows of 3", "3/3 copa  3 rows of 3");
        shown.clear();
        Files.writeString(folder.resolve("rows/copa.jsonl"), SmallSuite.ROWS.replace("\"gold\": 0", "\"gold\": 7"));
        assertThat(check(false)).containsExactly(new TaskRows("copa", 3));
        assertThat(shown).hasSize(1);
        assertThatThrownBy(() -> check(true))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith("rows/copa.jsonl:2: the gold answer 7 is not one of the 2 choices\nhint: ");
    }

    @Test
    void aMalformedTaskFileIsNamedWithItsLine() throws IOException {
        Files.writeString(
                folder.resolve("copa.yaml"), "include: common.yaml\ntask: copa\nprocess_docs: !function u.f\n");
        assertThatThrownBy(this::read).isInstanceOf(InvalidFileException.class).hasMessageStartingWith("copa.yaml:3: ");
        Files.delete(folder.resolve("suite.yaml"));
        assertThatThrownBy(this::read).hasMessageStartingWith("suite.yaml: file not found in the suite");
    }

    @Test
    void missingRowFilesAreListedWithTheirOrigin() throws IOException {
        MissingRowFiles.require(read(), folder, console);
        assertThat(notes.toString()).isEmpty();
        Files.delete(folder.resolve("rows/copa.jsonl"));
        assertThatThrownBy(() -> MissingRowFiles.require(read(), folder, console))
                .isInstanceOf(CliException.class)
                .hasMessage("a row file of the suite is not in " + folder);
        assertThat(notes.toString().lines()).containsExactly("missing rows/copa.jsonl");
    }

    @Test
    void theRowFilesOfBuiltInSuitesHaveAnOrigin() {
        Map<String, Integer> files = Map.of("abilities", 8, "base", 7, "classifier", 5, "emergence", 8, "instruct", 2);
        assertThat(files.keySet()).containsExactlyInAnyOrderElementsOf(BuiltInSuites.names());
        files.forEach((name, count) -> {
            LocalSuite suite = LocalSuite.read(BuiltInSuites.files(name, new FolderFiles(folder)));
            notes.getBuffer().setLength(0);
            assertThatThrownBy(() -> MissingRowFiles.require(suite, folder, console))
                    .isInstanceOf(CliException.class)
                    .hasMessage(count + " row files of the suite are not in " + folder);
            assertThat(notes.toString().lines())
                    .hasSize(count)
                    .allSatisfy(line -> assertThat(line).matches("missing \\S+  \\S.{20,}"));
        });
    }
}
