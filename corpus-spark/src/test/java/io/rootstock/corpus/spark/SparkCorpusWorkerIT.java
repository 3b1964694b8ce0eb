package io.rootstock.corpus.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.artifacts.s3.S3Server;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.corpus.worker.RecipeRun;
import io.rootstock.corpus.worker.SparkCommand;
import io.rootstock.corpus.worker.WorkerJob;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.step.RecipeSteps;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** The driver as a process that SparkSubmit starts. */
@Tag("matrix")
class SparkCorpusWorkerIT {
    private static final int UNITS = 24;
    private static final String RECIPE = """
            version: 1
            sources: [{name: texts, files: texts}]
            steps: [pii-masking, exact-duplicates, frequent-lines, near-duplicates]
            """;

    @TempDir
    private Path folder;

    private Path recipe;

    @BeforeEach
    void writeSources() throws IOException {
        recipe = Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
        Files.createDirectory(folder.resolve("texts"));
        for (int unit = 0; unit < UNITS; unit++) {
            StringBuilder lines = new StringBuilder();
            for (int line = 0; line < 500; line++) {
                lines.append("{\"text\":\"A common line\\nDocument %d has some words of its own: %x %x.\"}\n"
                        .formatted(line, line % 7 == 0 ? line : line * 31 + unit, line * 77));
            }
            Files.writeString(folder.resolve("texts/%02d.jsonl".formatted(unit)), lines);
        }
    }

    @Test
    void aTerminatedDriverIsCancelledAndTheNextOneGivesTheFilesOfTheLocalEngine()
            throws IOException, InterruptedException {
        Process first = start();
        try (BufferedReader lines = first.inputReader()) {
            assertThat(lines.readLine()).contains("\"progress\"").contains("\"stage\":\"read\"");
            first.toHandle().destroy();
            assertThat(lines.lines().toList()).last().isEqualTo("{\"cancelled\":{}}");
        }
        first.waitFor();
        assertThat(folder.resolve("spark/corpus.json")).doesNotExist();

        Process second = start();
        List<String> lines = second.inputReader().lines().toList();
        assertThat(second.waitFor()).isEqualTo(CorpusWorker.FINISHED);
        assertThat(lines).last().asString().startsWith("{\"finished\":{\"documents\":");
        assertThat(folder.resolve("spark/.spark")).doesNotExist();

        new RecipeRun(folder.resolve("local"), 2, 16).run(plan(), JobControl.NONE);
        assertEqualFiles();
    }

    @Test
    void sourcesInABucketGiveTheFilesOfTheLocalEngine() throws IOException, InterruptedException {
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        try (S3Server server = S3Server.start(Path.of("target/s3proxy/s3proxy.jar"), folder.resolve("server"));
                S3Client client = server.client()) {
            for (int unit = 0; unit < UNITS; unit++) {
                String file = "texts/%02d.jsonl".formatted(unit);
                client.putObject(request -> request.bucket(S3Server.BUCKET).key(file), folder.resolve(file));
            }
            String root = "s3://" + S3Server.BUCKET + "/texts";
            List<String> roots = List.of(root + "?endpoint=" + server.endpoint());
            Files.writeString(recipe, RECIPE.replace("files: texts", "files: " + root));
            RecipePlan plan = plan(InputRoots.parse(folder, roots));
            new RecipeRun(folder.resolve("local"), 2, 16).run(plan, JobControl.NONE);
            Process spark = start(roots);
            List<String> lines = spark.inputReader().lines().toList();
            assertThat(spark.waitFor()).as("%s", lines).isEqualTo(CorpusWorker.FINISHED);
            assertEqualFiles();
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    @Test
    void theCommandHasSparksOptions() {
        assertThat(SparkCommand.javaOptions()).containsExactly(JavaModuleOptions.defaultModuleOptionArray());
    }

    private RecipePlan plan() throws IOException {
        return plan(InputRoots.of(folder, List.of(folder)));
    }

    private RecipePlan plan(InputRoots roots) throws IOException {
        try (InputStream in = Files.newInputStream(recipe)) {
            return RecipePlan.of(
                    recipe.toString(), new RecipeReader(RecipeSteps.kinds()).read(recipe.toString(), in), roots);
        }
    }

    private void assertEqualFiles() throws IOException {
        try (Stream<Path> outputs = Files.list(folder.resolve("local/output"))) {
            List<String> names = Stream.concat(
                            Stream.of("corpus.json", "manifest.json", "report.json"),
                            outputs.map(file -> "output/" + file.getFileName()))
                    .toList();
            assertThat(names).hasSize(UNITS + 3);
            for (String name : names) {
                assertThat(folder.resolve("spark").resolve(name))
                        .hasSameBinaryContentAs(folder.resolve("local").resolve(name));
            }
        }
    }

    private Process start() throws IOException {
        return start(List.of(folder.toString()));
    }

    private Process start(List<String> roots) throws IOException {
        Path job = folder.resolve("job.json");
        new WorkerJob(
                        recipe.toString(),
                        folder.toString(),
                        roots,
                        folder.resolve("spark").toString(),
                        1,
                        16)
                .write(job);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> classPath = List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
        ProcessBuilder process =
                new SparkCommand(java, classPath).submit("local[2]", "1g", Map.of("spark.log.level", "ERROR"), job);
        process.environment().put("AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY);
        process.environment().put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
        return process.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
