package io.rootstock.corpus.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.worker.fixture.Recipes;
import io.rootstock.corpus.worker.fixture.Tokenizers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is killed while it writes shards, and the next one. */
@Tag("fault")
class KilledShardsIT {
    @TempDir
    private Path folder;

    @Test
    void aWorkerThatIsKilledAndResumedWritesTheShardsOfAnUndisturbedRun() throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line < 12_000; line++) {
            lines.append("{\"text\":\"Document %d has some words of its own: %x and %x, then an end.\"}\n"
                    .formatted(line, line * 31, line * 77));
        }
        Files.writeString(folder.resolve("lines.jsonl"), lines);
        Path tokenizer = Tokenizers.trained(folder.resolve("tokenizer"), lines.substring(0, 50_000));
        String recipe = """
                version: 1
                sources: [{name: lines, files: lines.jsonl}]
                unit_bytes: 65536
                steps: [exact-duplicates]
                tokenizer: tokenizers/small
                splits: {validation: 0.05, test: 0.05}
                """;
        Path job = job(recipe, tokenizer);
        killAtShard(9, job);
        assertThat(folder.resolve("work/corpus.json")).doesNotExist();
        assertThat(folder.resolve("work/dataset.json")).doesNotExist();
        Process second = start(job);
        assertThat(second.inputReader().lines().toList()).last().asString().startsWith("{\"finished\":");
        assertThat(second.waitFor()).isEqualTo(CorpusWorker.FINISHED);

        Path undisturbed = folder.resolve("undisturbed");
        new RecipeRun(undisturbed, 1, 64).run(Recipes.plan(folder, recipe, tokenizer), JobControl.NONE);
        assertThat(files(folder.resolve("work"))).hasSizeGreaterThan(40).isEqualTo(files(undisturbed));
    }

    private Path job(String recipe, Path tokenizer) throws IOException {
        Files.writeString(folder.resolve("recipe.yaml"), recipe);
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
        return job;
    }

    private static void killAtShard(int done, Path job) throws IOException, InterruptedException {
        Process worker = start(job);
        try (BufferedReader output = worker.inputReader()) {
            String line = output.readLine();
            while (!line.contains("\"stage\":\"shards\",\"done\":" + done + ",")) {
                line = output.readLine();
            }
        }
        worker.destroyForcibly().waitFor();
    }

    private static Map<String, Digest> files(Path work) throws IOException {
        Map<String, Digest> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(work)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                String name = work.relativize(file).toString();
                if (name.startsWith("shards") || (name.endsWith(".json") && !name.startsWith("receipts"))) {
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
