package io.rootstock.corpus.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.worker.fixture.Tokenizers;
import io.rootstock.files.FileTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are killed while they write shards. */
class KilledShardsIT {
    @TempDir
    private Path folder;

    @Test
    void workersThatAreKilledAndResumedWriteTheShardsOfAnUndisturbedOne() throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line < 20_000; line++) {
            lines.append("{\"text\":\"Document %d has some words of its own: %x and %x, then an end.\"}\n"
                    .formatted(line, line * 31, line * 77));
        }
        Files.writeString(folder.resolve("lines.jsonl"), lines);
        Path tokenizer = Tokenizers.trained(folder.resolve("tokenizer"), lines.substring(0, 50_000));
        Files.writeString(folder.resolve("recipe.yaml"), """
                version: 1
                sources: [{name: lines, files: lines.jsonl}]
                unit_bytes: 65536
                steps: [exact-duplicates]
                tokenizer: tokenizers/small
                splits: {validation: 0.05, test: 0.05}
                """);
        Path job = folder.resolve("job.json");
        new WorkerJob(
                        folder.resolve("recipe.yaml").toString(),
                        folder.toString(),
                        List.of(folder.toString()),
                        folder.resolve("work").toString(),
                        2,
                        16,
                        tokenizer.toString())
                .write(job);
        for (int done : new int[] {1, 9}) {
            killAtShard(done, job);
            assertThat(folder.resolve("work/corpus.json")).doesNotExist();
            assertThat(folder.resolve("work/dataset.json")).doesNotExist();
        }
        Map<String, Digest> resumed = finish(job);
        assertThat(resumed).hasSizeGreaterThan(60);
        FileTree.delete(folder.resolve("work"));
        assertThat(finish(job)).isEqualTo(resumed);
    }

    private void killAtShard(int done, Path job) throws IOException, InterruptedException {
        Process worker = start(job);
        try (BufferedReader output = worker.inputReader()) {
            String line = output.readLine();
            while (!line.contains("\"stage\":\"shards\",\"done\":" + done + ",")) {
                line = output.readLine();
            }
        }
        worker.destroyForcibly().waitFor();
    }

    private Map<String, Digest> finish(Path job) throws IOException, InterruptedException {
        Process worker = start(job);
        assertThat(worker.inputReader().lines().toList()).last().asString().startsWith("{\"finished\":");
        assertThat(worker.waitFor()).isEqualTo(CorpusWorker.FINISHED);
        Map<String, Digest> files = new TreeMap<>();
        Path work = folder.resolve("work");
        try (Stream<Path> tree = Files.walk(work)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                String name = work.relativize(file).toString();
                if (name.startsWith("shards") || name.endsWith(".json") && !name.startsWith("receipts")) {
                    files.put(name, Digest.ofFile(file));
                }
            }
        }
        return files;
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
