package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.rootstock.artifacts.Digest;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Bases;
import io.rootstock.trainer.data.ByteTokenizer;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.events.TensorBoardFiles;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSample;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests workers: processes that are stopped and killed, and where that is not the subject, a worker in this process. */
class WorkerProcessTest {
    private static final int STEPS = 60;

    @TempDir
    static Path home;

    private static TrainerFixture trainer;
    private static RunSpec spec;
    /** A run of the spec to its end, without an interruption. */
    private static RunDirectory whole;

    @BeforeAll
    static void prepare() throws Exception {
        trainer = new TrainerFixture(home);
        Digest dataset = Datasets.documents(trainer.store(), 300);
        spec = TrainerFixture.tiny(dataset, STEPS).toBuilder()
                .clearSkipQuantizations()
                .build();
        whole = trainer.folder("whole", spec);
        assertThat(trainer.work(whole)).as(() -> TrainerFixture.output(whole)).isZero();
    }

    @Test
    @Tag("fault")
    void resumedRunsHaveBitIdenticalLosses() throws Exception {
        RunEvaluation expected = TrainerFixture.lastEvaluation(whole, "validation");
        assertThat(expected.getBitsPerByte()).isLessThan(expected.getMetricsOrThrow("start_bits_per_byte") * 0.8);

        RunDirectory killed = trainer.folder("killed", spec);
        for (long step : new long[] {5, 25, 40}) {
            Process worker = trainer.launcher().launch(killed, 1);
            Checkpoints checkpoints = new Checkpoints(killed.checkpoints());
            TrainerFixture.await(
                    killed,
                    () -> !checkpoints.steps().isEmpty() && checkpoints.steps().getFirst() >= step);
            worker.destroyForcibly().waitFor();
        }
        assertThat(trainer.work(killed)).as(() -> TrainerFixture.output(killed)).isZero();
        RunEvaluation resumed = TrainerFixture.lastEvaluation(killed, "validation");
        assertThat(resumed.getLoss()).isEqualTo(expected.getLoss());
        assertThat(resumed.getStep()).isEqualTo(STEPS);

        // The quantizations are measured on the whole split, which is small, so F32's perplexity corresponds to the
        // trainer's loss.
        double perplexity = resumed.getMetricsOrThrow("perplexity_f32");
        assertThat(perplexity).isCloseTo(Math.exp(expected.getLoss()), withinPercentage(0.1));
        assertThat(resumed.getMetricsOrThrow("perplexity_f16")).isCloseTo(perplexity, withinPercentage(0.1));
        assertThat(resumed.getMetricsOrThrow("perplexity_q8_0")).isCloseTo(perplexity, withinPercentage(2));
        assertThat(resumed.getMetricsOrThrow("perplexity_q4_k_m")).isCloseTo(perplexity, withinPercentage(20));
        assertThat(EventLog.readAll(killed.events()))
                .anyMatch(event -> event.getMessage().getText().matches("Q8_0, \\d+ bytes, perplexity .* of F32's"));

        assertThat(sequences(killed)).isSorted().doesNotHaveDuplicates();
        assertThat(artifacts(killed)).hasSize(5).isEqualTo(artifacts(whole));
        assertThat(samples(killed)).isEqualTo(samples(whole));
        assertThat(samples(whole))
                .filteredOn(sample -> sample.getStep() == STEPS)
                .hasSize(2);

        List<TensorBoardFiles.Entry> figures = TensorBoardFiles.read(killed.figures());
        assertThat(TensorBoardFiles.curve(figures, "validation/bits_per_byte"))
                .isEqualTo(TensorBoardFiles.curve(TensorBoardFiles.read(whole.figures()), "validation/bits_per_byte"))
                .containsKeys(0L, 20L, 40L, 60L);
        assertThat(TensorBoardFiles.curve(figures, "training/loss")).containsKey((long) STEPS);
    }

    @Test
    void preTrainingContinuesFromTheWeightsOfABase() throws Exception {
        String base = EventLog.readAll(whole.events()).stream()
                .flatMap(event -> event.getArtifacts().getArtifactsList().stream())
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .findFirst()
                .orElseThrow()
                .getDigest();
        RunDirectory second = trainer.folder(
                "second", unquantized().clearArchitecture().setBaseDigest(base).build());
        assertThat(trainer.workInProcess(second))
                .as(() -> TrainerFixture.output(second))
                .isZero();
        RunEvaluation start = EventLog.readAll(second.events()).stream()
                .filter(RunEvent::hasEvaluation)
                .map(RunEvent::getEvaluation)
                .findFirst()
                .orElseThrow();
        double before = TrainerFixture.lastEvaluation(whole, "validation").getLoss();
        assertThat(start.getStep()).isZero();
        assertThat(start.getLoss()).isCloseTo(before, within(1e-6));
        RunEvaluation end = TrainerFixture.lastEvaluation(second, "validation");
        assertThat(end.getLoss()).isLessThan(before);
        assertThat(end.getMetricsOrThrow("base_bits_per_byte")).isEqualTo(start.getBitsPerByte());
    }

    @Test
    @Tag("matrix")
    void preTrainingKeepsTheCheckpointThatValidatedBest() throws Exception {
        // The learning rate rises until training diverges.
        RunSpec.Builder diverging = unquantized();
        diverging
                .getHyperparametersBuilder()
                .setLearningRate(3.0)
                .setWarmupFraction(0.9)
                .setDecayFraction(0.0)
                .setSpikeThreshold(0.0)
                .setTokens(150 * 4L * 32);
        RunDirectory directory = trainer.folder("diverging", diverging.build());
        assertThat(trainer.workInProcess(directory))
                .as(() -> TrainerFixture.output(directory))
                .isZero();
        List<RunEvaluation> validations = EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasEvaluation)
                .map(RunEvent::getEvaluation)
                .filter(evaluation -> evaluation.getStep() > 0 && evaluation.getStep() < 150)
                .toList();
        long best = validations.stream()
                .min(Comparator.comparingDouble(RunEvaluation::getLoss))
                .orElseThrow()
                .getStep();
        assertThat(best).isLessThan(140);
        assertThat(new Checkpoints(directory.checkpoints()).steps()).hasSize(3).contains(best, 150L);
        assertThat(EventLog.readAll(directory.events()))
                .anyMatch(event ->
                        event.getCheckpoint().getBest() && event.getCheckpoint().getStep() == best)
                .anyMatch(event -> event.getMessage().getText().contains("step " + best + " validated best"));
    }

    @Test
    @Tag("fault")
    void aRunResumesFromAnEarlierCheckpointIfTheNewestIsCorrupt() throws Exception {
        RunDirectory damaged = trainer.folder("damaged", unquantized().build());
        Process worker = trainer.launcher().launch(damaged, 1);
        Checkpoints checkpoints = new Checkpoints(damaged.checkpoints());
        TrainerFixture.await(damaged, () -> checkpoints.steps().size() == 2);
        worker.destroyForcibly().waitFor();
        damage(damaged);
        assertThat(trainer.work(damaged))
                .as(() -> TrainerFixture.output(damaged))
                .isZero();
        assertThat(EventLog.readAll(damaged.events()))
                .anyMatch(event -> event.getMessage().getText().contains("is corrupt"));
        assertThat(TrainerFixture.lastEvaluation(damaged, "validation").getLoss())
                .isEqualTo(TrainerFixture.lastEvaluation(whole, "validation").getLoss());
    }

    @Test
    void aTerminatedWorkerLeavesACheckpointOfItsLastStep() throws Exception {
        RunSpec longer = TrainerFixture.tiny(Digest.parse(spec.getDatasetDigest()), 100_000);
        RunDirectory directory = trainer.folder("stopped", longer);
        Process worker = trainer.launcher().launch(directory, 1);
        TrainerFixture.await(
                directory, () -> EventLog.readAll(directory.events()).stream().anyMatch(RunEvent::hasProgress));
        worker.destroy();
        assertThat(worker.waitFor()).isEqualTo(WorkerOutcome.Kind.STOPPED.exitCode());
        assertThat(WorkerOutcome.read(directory))
                .hasValueSatisfying(outcome -> assertThat(outcome.kind()).isEqualTo(WorkerOutcome.Kind.STOPPED));
        RunEvent last = EventLog.readAll(directory.events()).getLast();
        assertThat(last.hasCheckpoint()).isTrue();
        assertThat(new Checkpoints(directory.checkpoints()).steps().getFirst())
                .isEqualTo(last.getCheckpoint().getStep());
    }

    @Test
    void aRunWithATimeLimitEndsInTime() throws Exception {
        RunSpec.Builder timed = unquantized();
        timed.getHyperparametersBuilder().clearTokens().setSeconds(4.0);
        RunDirectory directory = trainer.folder("timed", timed.build());
        assertThat(trainer.workInProcess(directory))
                .as(() -> TrainerFixture.output(directory))
                .isZero();
        RunEvent progress = EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasProgress)
                .reduce((first, second) -> second)
                .orElseThrow();
        assertThat(progress.getProgress().getLearningRate()).isLessThan(0.002);
        assertThat(progress.getProgress().getEtaSeconds()).isBetween(0.0, 0.5);
    }

    @Test
    void aLossThatIsNotFiniteEndsTheRunAndNamesTheRows() throws Exception {
        // Every row ends with this token.
        Digest base = Bases.withBrokenToken(trainer.store(), ByteTokenizer.END);
        RunDirectory directory = trainer.folder(
                "broken",
                RunSpec.newBuilder()
                        .setTask(Task.TASK_CLASSIFICATION)
                        .setDatasetDigest(
                                Datasets.labelled(trainer.store(), 100).value())
                        .setBaseDigest(base.value())
                        .build());
        assertThat(trainer.workInProcess(directory)).isEqualTo(WorkerOutcome.Kind.FAILED.exitCode());
        assertThat(WorkerOutcome.read(directory))
                .hasValueSatisfying(
                        outcome -> assertThat(outcome.message()).contains("not finite", "step 0, rows 0 to"));
    }

    private static RunSpec.Builder unquantized() {
        return spec.toBuilder().setSkipQuantizations(true);
    }

    private static void damage(RunDirectory directory) throws IOException {
        long step = new Checkpoints(directory.checkpoints()).steps().getFirst();
        Path weights = directory.checkpoints().resolve("step-" + step).resolve("weights.f32");
        try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), Files.size(weights) / 2);
        }
    }

    private static List<Long> sequences(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream()
                .map(RunEvent::getSequence)
                .toList();
    }

    /** Returns the samples; of a repeated step only the last ones. */
    private static List<RunSample> samples(RunDirectory directory) {
        Map<String, RunSample> samples = new TreeMap<>();
        EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasSample)
                .map(RunEvent::getSample)
                .forEach(sample -> samples.put(sample.getStep() + sample.getPrompt(), sample));
        return List.copyOf(samples.values());
    }

    private static List<String> artifacts(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream()
                .flatMap(event -> event.getArtifacts().getArtifactsList().stream())
                .map(artifact -> artifact.getDigest())
                .toList();
    }
}
