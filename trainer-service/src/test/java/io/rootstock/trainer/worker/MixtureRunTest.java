package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixturePhase;
import io.rootstock.trainer.v1.MixturePlan;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunUsage;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests worker processes that train on a mixture with a curriculum. */
class MixtureRunTest {
    private static final int STEPS = 60;
    private static final int SEQUENCE_TOKENS = 32;

    @TempDir
    Path home;

    @Test
    @Tag("fault")
    void aKilledRunResumesToTheBitAndDrawsWhatItsPlanSays() throws Exception {
        TrainerFixture trainer = new TrainerFixture(home);
        RunSpec.Builder spec = TrainerFixture.tiny(Datasets.documents(trainer.store(), 300), STEPS).toBuilder();
        String small = Datasets.documents(trainer.store(), 40).value();
        spec.setMixture(Mixture.newBuilder()
                        .addSources(MixtureSource.newBuilder()
                                .setDataset("datasets/large")
                                .setDatasetDigest(spec.getDatasetDigest()))
                        .addSources(MixtureSource.newBuilder()
                                .setDataset("datasets/small")
                                .setDatasetDigest(small)
                                .setEpochs(1))
                        .addPhases(MixturePhase.newBuilder()
                                .setUntil(0.5)
                                .addWeights(0.9)
                                .addWeights(0.1))
                        .addPhases(MixturePhase.newBuilder()
                                .setUntil(1)
                                .addWeights(0.2)
                                .addWeights(0.8)))
                .clearDatasetDigest();

        RunDirectory whole = trainer.folder("whole", spec.build());
        assertThat(trainer.work(whole)).as(() -> TrainerFixture.output(whole)).isZero();
        RunDirectory killed = trainer.folder("killed", spec.build());
        Process worker = trainer.launcher().launch(killed, 1);
        Checkpoints checkpoints = new Checkpoints(killed.checkpoints());
        TrainerFixture.await(
                killed,
                () -> !checkpoints.steps().isEmpty() && checkpoints.steps().getFirst() >= 35);
        worker.destroyForcibly().waitFor();
        assertThat(trainer.work(killed)).as(() -> TrainerFixture.output(killed)).isZero();

        assertThat(TrainerFixture.lastEvaluation(killed, "validation").getLoss())
                .isEqualTo(TrainerFixture.lastEvaluation(whole, "validation").getLoss());
        RunUsage usage = usage(killed);
        assertThat(usage.getSourceTokensMap()).isEqualTo(usage(whole).getSourceTokensMap());
        MixturePlan plan = EventLog.readAll(killed.events()).stream()
                .filter(RunEvent::hasResolved)
                .findFirst()
                .orElseThrow()
                .getResolved()
                .getMixture();
        assertThat(plan.getDigest()).startsWith("sha256:");
        assertThat(usage.getSourceTokensOrThrow("large") + usage.getSourceTokensOrThrow("small"))
                .isEqualTo(usage.getTokens());
        assertThat((double) usage.getSourceTokensOrThrow("small"))
                .isCloseTo((double) plan.getSources(1).getDrawnTokens(), within(2.0 * SEQUENCE_TOKENS));
        assertThat(EventLog.readAll(killed.events()))
                .anyMatch(event -> event.getMessage()
                        .getText()
                        .startsWith("mixture: small reaches its maximum of 1.0 epochs in phase 2"));
    }

    private static RunUsage usage(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasUsage)
                .findFirst()
                .orElseThrow()
                .getUsage();
    }
}
