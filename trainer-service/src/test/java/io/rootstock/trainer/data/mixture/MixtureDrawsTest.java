package io.rootstock.trainer.data.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.data.DatasetFacts;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.Planner;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixturePhase;
import io.rootstock.trainer.v1.MixturePlan;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.MixtureSourcePlan;
import io.rootstock.trainer.v1.MixtureWeighting;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureDrawsTest {
    private static final int CONTEXT = 8;
    private static final int BATCH_ROWS = 10;
    private static final Machine MACHINE = new Machine("test, 2 cores", 2, false);

    @TempDir
    Path directory;

    private ArtifactStore store;
    private MixtureSource.Builder books;
    private MixtureSource.Builder web;

    @BeforeEach
    void prepare() throws IOException {
        store = new DirectoryArtifactStore(directory);
        books = source("books", Datasets.exact(store, List.of(documents("all", 8000))));
        web = source("web", Datasets.exact(store, List.of(documents("wiki", 4000), documents("cc", 28_000))));
    }

    @Test
    void sourcesAreDrawnByNormalizedWeights() {
        MixturePlan plan = draws(spec(16_000, books.setWeight(60), web.setWeight(41)));

        assertThat(plan.getNotesList()).containsExactly("the weights sum to 101; normalized to 1");
        assertThat(plan.getSources(0).getTokens()).isEqualTo(8000);
        assertThat(plan.getSources(0).getWeight()).isCloseTo(60.0 / 101, within(1e-12));
        assertThat(plan.getSources(0).getDrawnTokens()).isEqualTo(Math.round(16_000 * 60.0 / 101));
        assertThat(plan.getSources(0).getEpochs()).isCloseTo(2 * 60.0 / 101, within(1e-9));
        assertThat(plan.getSourcesList().stream()
                        .mapToLong(MixtureSourcePlan::getDrawnTokens)
                        .sum())
                .isEqualTo(16_000);
    }

    @Test
    void aSourceAtItsMaximumLeavesItsShareToTheOthersAndIsNoted() {
        MixturePlan plan = draws(spec(40_000, books.setWeight(0.5).setEpochs(2), web.setWeight(0.5)));

        assertThat(plan.getSources(0).getDrawnTokens()).isEqualTo(16_000);
        assertThat(plan.getSources(1).getDrawnTokens()).isEqualTo(24_000);
        assertThat(plan.getNotesList())
                .containsExactly("books reaches its maximum of 2.0 epochs; the other sources then share its weight in"
                        + " proportion");
    }

    @Test
    void weightsFollowTokensAndTemperature() {
        RunSpec.Builder spec = spec(16_000, books, web).toBuilder();
        spec.getMixtureBuilder().setWeighting(MixtureWeighting.MIXTURE_WEIGHTING_TOKENS);
        MixturePlan byTokens = draws(spec.build());
        spec.getMixtureBuilder()
                .setWeighting(MixtureWeighting.MIXTURE_WEIGHTING_TEMPERATURE)
                .setTemperature(2);

        assertThat(byTokens.getSources(0).getWeight()).isCloseTo(0.2, within(1e-12));
        assertThat(draws(spec.build()).getSources(0).getWeight()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(byTokens.getDigest())
                .isEqualTo(draws(spec(16_000, books.setWeight(0.2), web.setWeight(0.8)))
                        .getDigest())
                .isNotEqualTo(draws(spec(16_000, books.setWeight(0.3), web.setWeight(0.7)))
                        .getDigest());
    }

    @Test
    void aSourceOfADatasetIsDrawnAlone() {
        MixturePlan plan =
                draws(spec(8000, books.setWeight(0.5), web.setSource("wiki").setWeight(0.5)));

        assertThat(plan.getSources(1).getTokens()).isEqualTo(4000);
        assertThat(plan.getSources(1).getSource()).isEqualTo("wiki");
        assertRefused(
                spec(8000, books.setWeight(0.5), web.setSource("blogs")), "mixture.sources[1].source", "wiki, cc");
    }

    @Test
    void phasesHaveDrawsOfTheirOwn() {
        RunSpec.Builder spec = spec(16_000, books, web).toBuilder();
        spec.getMixtureBuilder().addPhases(phase(0.25, 1, 3)).addPhases(phase(1, 1, 1));

        MixturePlan plan = draws(spec.build());

        assertThat(plan.getSources(0).getPhasesList())
                .extracting(phase -> phase.getDrawnTokens())
                .containsExactly(1000L, 6000L);
        assertThat(plan.getSources(0).getWeight()).isCloseTo(0.25 * 0.25 + 0.75 * 0.5, within(1e-12));
        assertThat(plan.getNotesList())
                .containsExactly(
                        "the weights of phase 1 sum to 4; normalized to 1",
                        "the weights of phase 2 sum to 2; normalized to 1");
    }

    @Test
    void tokensThatTheSourcesDoNotHaveAreRefused() {
        assertRefused(
                spec(
                        50_001,
                        books.setWeight(0.5).setEpochs(2),
                        web.setWeight(0.5).setEpochs(1)),
                "hyperparameters.tokens",
                "must be at most 48000",
                "books: 2.0 x 8000, web: 1.0 x 32000",
                "was 50001");
    }

    @Test
    void aPhaseThatItsSourcesCannotFillIsRefusedWithALengthThatFits() {
        RunSpec.Builder spec = spec(20_000, books.setEpochs(1), web).toBuilder();
        spec.getMixtureBuilder().addPhases(phase(0.5, 1, 0)).addPhases(phase(1, 0, 1));

        assertRefused(
                spec.build(),
                "mixture.phases[0]",
                "needs 10000 tokens",
                "have 8000 left",
                "hyperparameters.tokens to at most 16000");
        spec.getHyperparametersBuilder().setTokens(16_000);
        assertThat(draws(spec.build()).getSources(0).getDrawnTokens()).isEqualTo(8000);
    }

    @Test
    void invalidMixturesNameTheField() {
        assertRefused(spec(8000, books.setWeight(1), web.setWeight(-1)), "mixture.sources[1].weight", "was -1.0");
        assertRefused(spec(8000, books.setWeight(1), web.clearWeight()), "mixture.sources[1].weight", "above 0");
        assertRefused(spec(8000, books, books), "mixture.sources[1]", "part of sources[0]");
        web.setWeight(1);
        assertRefused(spec(8000, web.clone().setSource("wiki"), web), "mixture.sources[0]", "part of sources[1]");
        assertRefused(spec(8000, books.setEpochs(-1), web), "mixture.sources[0].epochs", "was -1.0");
        books.clearEpochs();
        RunSpec good = spec(8000, books, web);
        assertRefused(
                good.toBuilder()
                        .clearMixture()
                        .setMixture(Mixture.getDefaultInstance())
                        .build(),
                "mixture.sources",
                "were 0");
        assertRefused(with(good, phase(0.5, 1, 1)), "mixture.phases[0].until", "must be 1");
        assertRefused(with(good, phase(1, 1)), "mixture.phases[0].weights", "were 1");
        assertRefused(with(good, phase(1, 0, 0)), "mixture.phases[0].weights", "one above 0");
        assertRefused(with(good, phase(1, 1, 0)), "mixture.sources[1]", "weight 0 in every phase");
        RunSpec.Builder timed = with(good, phase(1, 1, 1)).toBuilder();
        timed.getHyperparametersBuilder().clearTokens().setSeconds(10);
        assertRefused(timed.build(), "mixture.phases", "hyperparameters.tokens");
        assertRefused(
                with(good, phase(1, 1, 1)).toBuilder().setExtendedRunId("x").build(), "extended_run_id", "curriculum");
        RunSpec.Builder hot = good.toBuilder();
        hot.getMixtureBuilder().setTemperature(2);
        assertRefused(hot.build(), "mixture.temperature", "TEMPERATURE");
        assertRefused(
                good.toBuilder().setDatasetDigest(books.getDatasetDigest()).build(), "dataset_digest", "empty");
        assertRefused(
                good.toBuilder()
                        .setTask(Task.TASK_CLASSIFICATION)
                        .setBaseDigest("x")
                        .clearArchitecture()
                        .build(),
                "hyperparameters.tokens",
                "pre-training");
    }

    @Test
    void datasetsOfOtherKindsAndTokenizersAreRefused() throws IOException {
        MixtureSource.Builder labelled =
                books.clone().setDatasetDigest(Datasets.labelled(store, 50).value());
        MixtureSource.Builder other =
                books.clone().setDatasetDigest(Datasets.documents(store, 50).value());
        books.setWeight(1);

        assertRefused(spec(8000, books, labelled.setWeight(1)), "mixture.sources[1].dataset", "CLASSIFICATION");
        assertRefused(spec(8000, books, other.setWeight(1)), "mixture.sources[1].dataset", "another tokenizer");
        assertRefused(
                spec(8000, books, other.setDatasetDigest("sha256:" + "0".repeat(64))),
                "mixture.sources[1].dataset_digest",
                "not in the artifact store");
    }

    private MixturePlan draws(RunSpec spec) {
        Planner.checkTask(spec);
        RunDataset data = RunDataset.read(store, spec);
        Plan plan =
                Planner.plan(spec, DatasetFacts.of(store, data.manifest(), spec.getTask()), Optional.empty(), MACHINE);
        return MixtureDraws.of(data, plan, 0).orElseThrow();
    }

    private void assertRefused(RunSpec spec, String field, String... reasons) {
        assertThatThrownBy(() -> draws(spec)).isInstanceOfSatisfying(RefusedSpecException.class, refused -> {
            assertThat(refused.field()).isEqualTo(field);
            assertThat(refused.reason()).contains(reasons);
        });
    }

    private static RunSpec spec(long tokens, MixtureSource.Builder... sources) {
        Mixture.Builder mixture = Mixture.newBuilder();
        for (MixtureSource.Builder source : sources) {
            mixture.addSources(source.clone());
        }
        return RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setMixture(mixture)
                .setArchitecture(Architecture.newBuilder()
                        .setDepth(2)
                        .setDimension(32)
                        .setHeads(2)
                        .setContextLength(CONTEXT))
                .setHyperparameters(
                        Hyperparameters.newBuilder().setTokens(tokens).setBatchRows(BATCH_ROWS))
                .build();
    }

    private static RunSpec with(RunSpec spec, MixturePhase.Builder phase) {
        RunSpec.Builder changed = spec.toBuilder();
        changed.getMixtureBuilder().addPhases(phase);
        return changed.build();
    }

    private static MixturePhase.Builder phase(double until, double... weights) {
        MixturePhase.Builder phase = MixturePhase.newBuilder().setUntil(until);
        for (double weight : weights) {
            phase.addWeights(weight);
        }
        return phase;
    }

    private MixtureSource.Builder source(String name, DatasetManifest manifest) {
        return MixtureSource.newBuilder()
                .setDataset("datasets/" + name)
                .setDatasetDigest(manifest.write(store).value());
    }

    private static Datasets.Source documents(String name, int tokens) {
        return new Datasets.Source(name, 1.0, 0.0, List.of(List.of(new int[tokens])));
    }
}
