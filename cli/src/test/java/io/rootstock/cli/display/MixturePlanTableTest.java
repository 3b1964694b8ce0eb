package io.rootstock.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.MixturePhasePlan;
import io.rootstock.trainer.v1.MixturePlan;
import io.rootstock.trainer.v1.MixtureSourcePlan;
import org.junit.jupiter.api.Test;

class MixturePlanTableTest {
    private static final MixtureSourcePlan.Builder BOOKS = MixtureSourcePlan.newBuilder()
            .setDataset("datasets/books")
            .setTokens(1_000_000)
            .setWeight(0.6)
            .setMaximumEpochs(2)
            .setDrawnTokens(1_200_000)
            .setEpochs(1.2);

    @Test
    void showsTokensWeightsDrawsAndEpochs() {
        assertThat(MixturePlanTable.table(MixturePlan.newBuilder()
                                .addSources(BOOKS.clone().addPhases(MixturePhasePlan.newBuilder()))
                                .addSources(MixtureSourcePlan.newBuilder()
                                        .setDataset("datasets/web")
                                        .setSource("wiki")
                                        .setTokens(3_000_000)
                                        .setWeight(0.4)
                                        .setDrawnTokens(800_000)
                                        .setEpochs(0.267))
                                .build())
                        .lines())
                .containsExactly(
                        "source    tokens  weight  drawn tokens  epochs  max epochs",
                        "--------  ------  ------  ------------  ------  ----------",
                        "books      1.00M   0.600         1.20M    1.20           2",
                        "web/wiki   3.00M   0.400          800k    0.27           -");
    }

    @Test
    void showsEveryPhaseOfACurriculum() {
        assertThat(MixturePlanTable.table(MixturePlan.newBuilder()
                                .addSources(BOOKS.clone()
                                        .addPhases(MixturePhasePlan.newBuilder()
                                                .setUntil(0.3)
                                                .setWeight(0.2)
                                                .setDrawnTokens(120_000)
                                                .setEpochs(0.12))
                                        .addPhases(MixturePhasePlan.newBuilder()
                                                .setUntil(1)
                                                .setWeight(0.77)
                                                .setDrawnTokens(1_080_000)
                                                .setEpochs(1.08)))
                                .build())
                        .lines())
                .containsExactly(
                        "source  until    tokens  weight  drawn tokens  epochs  max epochs",
                        "------  -------  ------  ------  ------------  ------  ----------",
                        "books   30.0 %            0.200          120k    0.12",
                        "books   100.0 %           0.770         1.08M    1.08",
                        "books   all       1.00M   0.600         1.20M    1.20           2");
    }

    @Test
    void namesTheSourcesOfAMixture() {
        Version mixed = Version.newBuilder()
                .setMixture(MixturePlan.newBuilder()
                        .setDigest("sha256:12")
                        .addSources(BOOKS)
                        .addSources(MixtureSourcePlan.newBuilder()
                                .setDataset("datasets/web")
                                .setSource("wiki")))
                .build();

        assertThat(MixturePlanTable.data(mixed)).isEqualTo("books + web/wiki");
        assertThat(MixturePlanTable.digest(mixed)).isEqualTo("sha256:12");
        assertThat(MixturePlanTable.brief(
                        Version.newBuilder().setDataset("datasets/books").build()))
                .isEqualTo("books");
    }
}
