package io.rootstock.corpus.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker as a process. */
class CorpusWorkerTest {
    private static final int UNITS = 40;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeSources() throws IOException {
        Files.createDirectory(folder.resolve("texts"));
        for (int unit = 0; unit < UNITS; unit++) {
            StringBuilder lines = new StringBuilder();
            for (int line = 0; line < 2000; line++) {
                lines.append("{\"text\":\"Document %d of unit %d has some words of its own: %x %x %x.\"}\n"
                        .formatted(line, unit, line * 31 + unit, line * 77, unit * 1013));
            }
            Files.writeString(folder.resolve("texts").resolve("%02d.jsonl".formatted(unit)), lines);
        }
    }

    @Test
    void aTerminatedWorkerIsCancelledAndTheNextOneResumes() throws IOException, InterruptedException {
        Path job = job("""
                version: 1
                sources: [{name: texts, files: texts}]
                steps: [pii-masking, exact-duplicates, near-duplicates]
                """);
        Process first = start(job);
        try (BufferedReader lines = first.inputReader()) {
            String line = lines.readLine();
            assertThat(line).contains("\"progress\"").contains("\"stage\":\"read\"");
            first.toHandle().destroy();
            assertThat(lines.lines().toList()).last().isEqualTo("{\"cancelled\":{}}");
        }
        first.waitFor();
        assertThat(folder.resolve("work/corpus.json")).doesNotExist();

        Process second = start(job);
        List<String> lines = second.inputReader().lines().toList();
        assertThat(second.waitFor()).isEqualTo(CorpusWorker.FINISHED);
        assertThat(lines).last().asString().startsWith("{\"finished\":{\"documents\":");
        assertThat(folder.resolve("work/corpus.json")).exists();
    }

    @Test
    void anInvalidRecipeIsRefusedWithItsLine() throws IOException, InterruptedException {
        Process worker = start(job("version: 1\nsources: [{name: texts, files: texts}]\nsteps: [sort]\n"));
        assertThat(worker.inputReader().lines().toList())
                .singleElement()
                .asString()
                .startsWith("{\"refused\":{\"message\":\"" + folder.resolve("recipe.yaml") + ":3: unknown step 'sort'");
        assertThat(worker.waitFor()).isEqualTo(CorpusWorker.REFUSED);
    }

    @Test
    void aMissingSourceIsRefused() throws IOException, InterruptedException {
        Process worker = start(job("version: 1\nsources: [{name: texts, files: other}]\n"));
        assertThat(worker.inputReader().lines().toList())
                .singleElement()
                .asString()
                .contains("\"refused\"")
                .contains("other");
        assertThat(worker.waitFor()).isEqualTo(CorpusWorker.REFUSED);
    }

    private Path job(String recipe) throws IOException {
        Files.writeString(folder.resolve("recipe.yaml"), recipe);
        Path job = folder.resolve("job.json");
        new WorkerJob(
                        folder.resolve("recipe.yaml").toString(),
                        folder.toString(),
                        List.of(folder.toString()),
                        folder.resolve("work").toString(),
                        1,
                        16)
                .write(job);
        return job;
    }

    private static Process start(Path job) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CorpusWorker.class.getName(),
                        job.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
