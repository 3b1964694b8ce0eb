package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.process.ContainerMemory;
import io.rootstock.trainer.run.ProcessWorker;
import io.rootstock.trainer.run.ProcessWorkers;
import io.rootstock.trainer.run.Restarts;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.run.TrainerFixture;
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
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests runs with full disks, insufficient memory and corrupt data. */
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
    @Tag("fault")
    void aRunContinuesOnAFullDiskAndKeepsItsCheckpoints() throws Exception {
        RunSpec spec = TrainerFixture.tiny(dataset, 2000);
        Path disk = Files.createDirectories(trainer.runs());
        assumeTrue(mounted(disk), "requires permission to mount a file system");
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
                    .as(() -> TrainerFixture.output(directory))
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
    @Tag("fault")
    void failedWritesOfCheckpointsAndExportsReportTheRequiredSpace() throws Exception {
        RunSpec spec = TrainerFixture.tiny(dataset, 30);
        RunDirectory directory = trainer.folder("limited", spec);
        // The weights have 150 kB; all other files of the run are smaller than the limit of 64 kB.
        Process worker = limited("ulimit -f 64").launch(directory, 1);
        assertThat(worker.waitFor()).as(() -> TrainerFixture.output(directory)).isEqualTo(4);
        assertThat(EventLog.readAll(directory.events()))
                .extracting(event -> event.getMessage().getText())
                .anySatisfy(text -> assertThat(text)
                        .contains(
                                "the checkpoint of step 5 cannot be written",
                                "checkpoints needs ",
                                "training continues"));
        assertThat(WorkerOutcome.read(directory)).hasValueSatisfying(outcome -> {
            assertThat(outcome.kind()).isEqualTo(WorkerOutcome.Kind.FAILED);
            assertThat(outcome.message()).contains("the model is trained", "free about ", "resume the run");
        });
        assertThat(trainer.work(directory))
                .as(() -> TrainerFixture.output(directory))
                .isZero();
    }

    @Test
    @Tag("fault")
    void aRunWithoutMemoryNeedsRecoveryAndSuggestsSettings() throws Exception {
        assertThat(deathOf(large(), limited("ulimit -v 6000000")))
                .contains("out of memory: an allocation failed, or the kernel killed it; by estimate it needs", " MB")
                .contains("--micro-batch-tokens", "--recompute block");
    }

    @Test
    @Tag("fault")
    void anOutOfMemoryRunIsRestartedWithLessMemory() throws Exception {
        try (Runs runs = new Runs(
                trainer.runs(),
                new ProcessWorkers(limited("ulimit -v 6000000")),
                1,
                10,
                Restarts.atOnce(3),
                ContainerMemory.here())) {
            runs.start("starved", large());
            RunDirectory starved = runs.directory("starved");
            TrainerFixture.await(
                    starved,
                    () -> EventLog.readAll(starved.events()).stream()
                            .anyMatch(event -> event.getStateChanged()
                                    .getMessage()
                                    .contains("starts again with less: micro_batch_tokens 524288 (was 1048576)")));
            assertThat(starved.readResolved().orElseThrow().getHyperparameters().getMicroBatchTokens())
                    .isLessThanOrEqualTo(524288);
            runs.cancel("starved", 0);
            await(runs, "starved", RunState.RUN_STATE_CANCELLED);
        }
    }

    @Test
    @Tag("fault")
    void aRunKilledByTheKernelNeedsRecoveryAndReportsOutOfMemory() throws Exception {
        Path group = memoryGroup();
        try {
            assertThat(deathOf(large(), limited("echo $$ > " + group.resolve("cgroup.procs"))))
                    .startsWith(
                            "the worker died before its first checkpoint; out of memory: an allocation failed, or the"
                                    + " kernel killed it")
                    .contains("--recompute block");
        } finally {
            Files.delete(group);
        }
    }

    @Test
    @Tag("fault")
    void aRunOutOfMemoryDuringTrainingResumesFromItsCheckpoint() throws Exception {
        assumeTrue(run("prlimit", "--version") == 0, "needs util-linux' prlimit");
        RunSpec spec = TrainerFixture.tiny(dataset, 2000);
        List<Process> workers = new CopyOnWriteArrayList<>();
        ProcessWorker.Launcher launcher = (directory, ranks) -> {
            workers.add(trainer.launcher().launch(directory, ranks));
            return workers.getLast();
        };
        try (Runs runs = new Runs(
                trainer.runs(), new ProcessWorkers(launcher), 1, 10, Restarts.atOnce(3), ContainerMemory.here())) {
            runs.start("whole", spec);
            await(runs, "whole", RunState.RUN_STATE_SUCCEEDED);
            runs.start("starved", spec);
            RunDirectory starved = runs.directory("starved");
            TrainerFixture.await(starved, () -> acknowledged(starved) > 0);
            long pid = workers.getLast().pid();
            assertThat(run("prlimit", "--pid", Long.toString(pid), "--as=1")).isZero();
            long acknowledged = acknowledged(starved);
            await(runs, "starved", RunState.RUN_STATE_SUCCEEDED);

            List<String> told = EventLog.readAll(starved.events()).stream()
                    .map(event -> event.getStateChanged().getMessage())
                    .toList();
            assertThat(told)
                    .anySatisfy(message -> assertThat(message)
                            .contains("the worker died after the checkpoint of step", "out of memory: ")
                            .contains("starts again with less: micro_batch_tokens"));
            String goesOn = "a worker trains from the checkpoint of step ";
            assertThat(told)
                    .anySatisfy(message -> assertThat(message).startsWith(goesOn))
                    .filteredOn(message -> message.startsWith(goesOn))
                    .allSatisfy(message -> assertThat(Long.parseLong(message.substring(goesOn.length())))
                            .isGreaterThanOrEqualTo(acknowledged));
            assertThat(TrainerFixture.lastEvaluation(starved, "validation").getLoss())
                    .isEqualTo(TrainerFixture.lastEvaluation(runs.directory("whole"), "validation")
                            .getLoss());
        }
    }

    private static long acknowledged(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasCheckpoint)
                .mapToLong(event -> event.getCheckpoint().getStep())
                .max()
                .orElse(0);
    }

    /** Spec with a micro-batch of a million tokens. */
    private RunSpec large() {
        RunSpec.Builder large = TrainerFixture.tiny(dataset, 30).toBuilder();
        large.getArchitectureBuilder().setDimension(256).setHeads(4).setContextLength(512);
        large.getHyperparametersBuilder()
                .setBatchRows(2048)
                .setMicroBatchTokens(1 << 20)
                .setTokens(10_000_000);
        return large.build();
    }

    /** Returns the message of a run whose worker dies and is not restarted. */
    private String deathOf(RunSpec spec, ProcessWorker.Launcher launcher) throws InterruptedException {
        try (Runs runs = new Runs(
                trainer.runs(), new ProcessWorkers(launcher), 1, 10, Restarts.atOnce(0), ContainerMemory.here())) {
            runs.start("dying", spec);
            await(runs, "dying", RunState.RUN_STATE_NEEDS_RECOVERY);
            return runs.get("dying").getMessage();
        }
    }

    private static void await(Runs runs, String run, RunState state) throws InterruptedException {
        TrainerFixture.await(runs.directory(run), () -> runs.get(run).getState() == state);
    }

    /** Creates a control group (v1 or v2) with a memory limit of 512 MiB. */
    private static Path memoryGroup() throws IOException {
        Path root = Path.of("/sys/fs/cgroup");
        boolean first = Files.isDirectory(root.resolve("memory"));
        Path group = root.resolve(first ? "memory" : ".")
                .resolve("rootstock-test-" + ProcessHandle.current().pid());
        String limit = first ? "memory.limit_in_bytes" : "memory.max";
        try {
            Files.createDirectory(group);
            Files.writeString(group.resolve(limit), Long.toString(512L << 20));
        } catch (IOException notAllowed) {
            Files.deleteIfExists(group);
            assumeTrue(false, "requires permission to create control groups with a memory limit: " + notAllowed);
        }
        return group;
    }

    @Test
    void aCorruptShardIsReportedBeforeTraining() throws Exception {
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

    private ProcessWorker.Launcher limited(String limit) {
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
        // Leaves space for events but not for weights.
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
