package io.rootstock.corpus.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.fixture.Corpus;
import io.rootstock.corpus.engine.fixture.Jobs;
import io.rootstock.corpus.engine.fixture.Outputs;
import io.rootstock.files.FileTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledJobTest {
    /** More than the native library of zstd, which a process unpacks. */
    private static final int LIMIT_KILOBYTES = 2048;

    @TempDir
    private Path folder;

    private Path sources;
    private Path workspace;
    private Map<String, String> expected;
    private int tasks;

    @BeforeEach
    void runWithoutInterruption() throws IOException {
        sources = folder.resolve("in");
        workspace = folder.resolve("work");
        ChildJob.writeSources(sources);
        tasks = runReference();
    }

    private int runReference() throws IOException {
        int[] finished = new int[1];
        JobControl count = new JobControl(progress -> finished[0]++, () -> false);
        Jobs.run(folder.resolve("reference"), ChildJob.spec(sources), 1, 16, count);
        expected = Outputs.bytes(folder.resolve("reference"));
        return finished[0];
    }

    @Test
    void aKilledProcessResumesWithEqualOutput() throws Exception {
        expectEqualOutputAfter(2);
    }

    @Tag("fault")
    @Test
    void aProcessKilledAtTenMomentsResumesWithEqualOutput() throws Exception {
        expectEqualOutputAfter(10);
    }

    /** Kills a process after a seeded number of finished tasks and a seeded part of the next one, this many times. */
    private void expectEqualOutputAfter(int kills) throws Exception {
        Random random = new Random(2026);
        int killed = 0;
        while (killed < kills) {
            Process process = ChildJob.start(sources, workspace, 0);
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                String line = "";
                for (int left = random.nextInt(tasks / 2); left >= 0 && line != null; left--) {
                    line = lines.readLine();
                }
                process.waitFor(random.nextInt(8), TimeUnit.MILLISECONDS);
                process.destroyForcibly();
            }
            if (process.waitFor() == 0) {
                assertThat(Outputs.bytes(workspace)).isEqualTo(expected);
                FileTree.delete(workspace);
            } else {
                killed++;
            }
        }
        Jobs.run(workspace, ChildJob.spec(sources), 3, 4);
        assertThat(Outputs.bytes(workspace)).isEqualTo(expected);
        assertThat(temporaryFiles()).isEmpty();
    }

    /** A file size limit makes writes fail as on a full disk. */
    @Test
    void aFullDiskLosesNoFinishedUnitAndTheJobResumes() throws Exception {
        byte[] incompressible = new byte[3 * LIMIT_KILOBYTES * 512];
        new Random(1).nextBytes(incompressible);
        String text = Base64.getEncoder().encodeToString(incompressible);
        Corpus.write(sources.resolve("unit_large.jsonl"), "{\"text\":\"" + text + "\"}\n");
        assertThat(runReference()).isGreaterThan(tasks);
        Process process = ChildJob.start(sources, workspace, LIMIT_KILOBYTES);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isEqualTo(3);
        assertThat(output)
                .contains("stage read, unit_large.jsonl: disk full (")
                .contains("Finished units are kept")
                .contains("hint: free space on the disk of " + workspace);
        assertThat(temporaryFiles()).isEmpty();
        assertThat(workspace.resolve("receipts/read/000000.json")).exists();
        assertThat(workspace.resolve("receipts/read/000010.json")).doesNotExist();
        assertThat(workspace.resolve("read/000010.unit")).doesNotExist();
        Jobs.run(workspace, ChildJob.spec(sources), 2, 4);
        assertThat(Outputs.bytes(workspace)).isEqualTo(expected);
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> paths = Files.walk(workspace)) {
            return paths.filter(path -> path.getFileName().toString().startsWith("."))
                    .toList();
        }
    }
}
