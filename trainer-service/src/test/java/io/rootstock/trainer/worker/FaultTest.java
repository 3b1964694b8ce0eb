package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.run.WorkerLauncher;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that fill up, memory that runs out, data that rots: what a run makes of them. */
class FaultTest {
    @TempDir
    Path home;

    private TrainerFixture trainer;
    private Digest dataset;

    @BeforeEach
    void prepare() throws IOException {
        trainer = new TrainerFixture(home);
        dataset = Datasets.documents(trainer.store(), 300);
    }

    @Test
    void aRunOutlivesAFullDiskWithTheCheckpointsItHas() throws Exception {
        RunSpec spec = TrainerFixture.tiny(dataset, 2000);
        Path disk = Files.createDirectories(trainer.runs());
        assumeTrue(mounted(disk), "needs the right to mount a small disk");
        try {
            RunDirectory directory = trainer.folder("full", spec);
            Process worker = trainer.launcher().launch(directory, 1);
            Checkpoints checkpoints = new Checkpoints(directory.checkpoints());
            TrainerFixture.await(directory, () -> checkpoints.steps().size() == 2);
            Path filler = disk.resolve("filler");
            fill(filler);
            TrainerFixture.await(
                    directory,
                    () -> EventLog.readAll(directory.events()).stream()
                            .anyMatch(event -> event.getMessage().getText().contains("cannot be written")));
            long kept = checkpoints.steps().getFirst();
            assertThat(worker.isAlive()).isTrue();
            Files.delete(filler);
            TrainerFixture.await(directory, () -> checkpoints.steps().getFirst() > kept);
            worker.destroyForcibly().waitFor();
            assertThat(trainer.work(directory))
                    .as(() -> TrainerFixture.words(directory))
                    .isZero();
            assertThat(EventLog.readAll(directory.events()))
                    .extracting(RunEvent::getSequence)
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(TrainerFixture.lastEvaluation(directory, "validation").getStep())
                    .isEqualTo(2000);
        } finally {
            run("umount", disk.toString());
        }
    }

    @Test
    void checkpointsThatCannotBeWrittenAndAModelThatCannotBeExportedSayWhatTheyNeed() throws Exception {
        RunSpec spec = TrainerFixture.tiny(dataset, 30);
        RunDirectory directory = trainer.folder("limited", spec);
        // Weights have 150 kB, no other file of the run as much as 64.
        Process worker = limited("ulimit -f 64").launch(directory, 1);
        assertThat(worker.waitFor()).as(() -> TrainerFixture.words(directory)).isEqualTo(4);
        assertThat(EventLog.readAll(directory.events()))
                .extracting(event -> event.getMessage().getText())
                .anySatisfy(text -> assertThat(text)
                        .contains(
                                "the checkpoint of step 5 cannot be written", "checkpoints needs ", "the run goes on"));
        assertThat(WorkerOutcome.read(directory)).hasValueSatisfying(outcome -> {
            assertThat(outcome.kind()).isEqualTo(WorkerOutcome.Kind.FAILED);
            assertThat(outcome.message()).contains("the model is trained", "free about ", "resume the run");
        });
        assertThat(trainer.work(directory))
                .as(() -> TrainerFixture.words(directory))
                .isZero();
    }

    @Test
    void aRunWithoutMemoryWaitsForRecoveryAndSaysWhatNeedsLess() throws Exception {
        RunSpec.Builder large = TrainerFixture.tiny(dataset, 30).toBuilder();
        large.getArchitectureBuilder().setDimension(256).setHeads(4).setContextLength(512);
        large.getHyperparametersBuilder()
                .setBatchRows(2048)
                .setGradientAccumulationSteps(1)
                .setTokens(10_000_000);
        try (Runs runs = new Runs(trainer.runs(), limited("ulimit -v 6000000"), 1, 10, 0)) {
            runs.start("large", large.build());
            TrainerFixture.await(
                    runs.directory("large"), () -> runs.get("large").getState() == RunState.RUN_STATE_NEEDS_RECOVERY);
            assertThat(runs.get("large").getMessage()).contains("memory", "lower batch_rows", "MB");
        }
    }

    @Test
    void aDamagedShardIsNamedBeforeAnythingIsSpent() throws Exception {
        RunDirectory directory = trainer.folder("damaged", TrainerFixture.tiny(dataset, 30));
        DirectoryArtifactStore store = (DirectoryArtifactStore) trainer.store();
        DatasetManifest manifest = DatasetManifest.read(store, dataset);
        Digest shard = Digest.parse(manifest.sources()
                .getFirst()
                .split(DatasetManifest.TRAIN)
                .shards()
                .getFirst()
                .digest());
        Path file = store.verified(shard);
        file.toFile().setWritable(true);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), Files.size(file) / 2);
        }
        assertThat(trainer.work(directory)).isEqualTo(WorkerOutcome.Kind.FAILED.exitCode());
        assertThat(WorkerOutcome.read(directory))
                .hasValueSatisfying(outcome -> assertThat(outcome.message())
                        .contains(
                                "dataset_digest", "shard 1 of 1", "split train", shard.value(), "prepare the dataset"));
        assertThat(EventLog.readAll(directory.events())).noneMatch(RunEvent::hasProgress);
    }

    private WorkerLauncher limited(String limit) {
        return (directory, ranks) -> {
            ProcessBuilder builder = trainer.launcher()
                    .builder(List.of(
                            Worker.class.getName(),
                            directory.path().toString(),
                            home.resolve("artifacts").toString(),
                            Integer.toString(ranks)));
            List<String> command = new ArrayList<>(List.of("bash", "-c", limit + "; exec \"$@\"", "bash"));
            command.addAll(builder.command());
            command.add(5, "-XX:-UsePerfData");
            try {
                return builder.command(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                directory.workerErrors().toFile()))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] some = new byte[4096];
            while (true) {
                out.write(some);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        // Room for events, not for weights.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - (1 << 16));
        }
    }

    private static boolean mounted(Path place) throws Exception {
        return run("mount", "-t", "tmpfs", "-o", "size=8m", "rootstock-test", place.toString()) == 0;
    }

    private static int run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException notThere) {
            return 1;
        }
    }
}
