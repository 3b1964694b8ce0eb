package io.rootstock.dataset.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplingPlanTest {
    private static final long UNLIMITED = Long.MAX_VALUE;

    @Test
    void drawsInProportionToTheWeightsOfEachPhase() {
        SamplingPlan plan = SamplingPlan.of(
                List.of(new Phase(0.3, List.of(1.0, 3.0)), new Phase(1.0, List.of(1.0, 0.0))),
                1000,
                List.of(UNLIMITED, UNLIMITED));

        assertThat(plan.draws()).containsExactly(List.of(75.0, 225.0), List.of(700.0, 0.0));
        assertThat(plan.missing()).containsExactly(0.0, 0.0);
        assertThat(plan.drawn(0)).isEqualTo(775.0);
    }

    @Test
    void anExhaustedSourceLeavesItsShareToTheOthersInProportion() {
        SamplingPlan plan = SamplingPlan.of(
                Phase.constantWeights(List.of(0.5, 0.3, 0.2)), 1000, List.of(100L, UNLIMITED, UNLIMITED));

        assertThat(plan.drawn(0)).isEqualTo(100.0);
        assertThat(plan.drawn(1)).isCloseTo(540.0, within(1e-9));
        assertThat(plan.drawn(2)).isCloseTo(360.0, within(1e-9));
    }

    @Test
    void itemsThatNoSourceHasAreMissing() {
        SamplingPlan plan = SamplingPlan.of(
                List.of(new Phase(0.5, List.of(1.0, 0.0)), new Phase(1.0, List.of(0.0, 1.0))),
                1000,
                List.of(400L, UNLIMITED));

        assertThat(plan.missing()).containsExactly(100.0, 0.0);
    }

    @Test
    void weightsFollowTokensAndTemperature() {
        List<Long> tokens = List.of(900L, 100L);

        assertThat(Weighting.byTokens(tokens)).containsExactly(0.9, 0.1);
        assertThat(Weighting.byTemperature(tokens, 1.0).getFirst()).isCloseTo(0.9, within(1e-12));
        assertThat(Weighting.byTemperature(tokens, 2.0).getFirst()).isCloseTo(0.75, within(1e-12));
        assertThat(Weighting.byTemperature(tokens, 0.01).getFirst()).isCloseTo(1.0, within(1e-12));
        assertThat(Weighting.normalized(List.of(60.0, 22.0, 19.0)).getFirst()).isCloseTo(60.0 / 101, within(1e-12));
    }

    @Test
    void theMeanOfPhasesCountsTheirLength() {
        assertThat(Weighting.mean(List.of(new Phase(0.25, List.of(1.0, 0.0)), new Phase(1.0, List.of(0.0, 1.0)))))
                .containsExactly(0.25, 0.75);
    }
}
