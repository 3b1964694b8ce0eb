package io.rootstock.dataset.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceSamplerTest {
    private static final long UNLIMITED = Long.MAX_VALUE;
    /** Shortest window, in items, whose proportions are within 0.5 points of the weights. */
    private static final int WINDOW = 800;

    @Test
    void onePhaseDrawsWhatRunsBeforeMixturesDrew() {
        Random random = new Random(1);
        for (int mixture = 0; mixture < 300; mixture++) {
            double[] weights = weights(random, 1 + random.nextInt(8));
            weights[0] = mixture % 3 == 0 && weights.length > 1 ? 0.0 : weights[0];
            long[] most = new long[weights.length];
            Arrays.setAll(most, i -> random.nextBoolean() ? UNLIMITED : 1 + random.nextInt(400));
            SourceSampler sampler = new SourceSampler(Phase.constantWeights(list(weights)), 1, list(most));
            int count = (int) Math.min(1000, sampler.items());

            assertThat(sources(sampler, 0, count)).isEqualTo(NaiveMixture.sources(weights, most, count));
        }
    }

    @Test
    void everyWindowHasTheProportionsOfTheWeights() {
        Random random = new Random(2);
        double worst = 0.0;
        for (int mixture = 0; mixture < 200; mixture++) {
            double[] weights = weights(random, 2 + random.nextInt(30));
            double sum = Arrays.stream(weights).sum();
            SourceSampler sampler =
                    new SourceSampler(Phase.constantWeights(list(weights)), 1, unlimited(weights.length));
            double[] lowest = new double[weights.length];
            double[] highest = new double[weights.length];
            int[] drawn = new int[weights.length];
            for (int item = 0; item < 3000; item++) {
                drawn[sampler.at(item).source()]++;
                for (int i = 0; i < weights.length; i++) {
                    double ahead = drawn[i] - weights[i] / sum * (item + 1);
                    lowest[i] = Math.min(lowest[i], ahead);
                    highest[i] = Math.max(highest[i], ahead);
                }
            }
            // The items of a window differ from its share by the difference of two prefixes.
            for (int i = 0; i < weights.length; i++) {
                worst = Math.max(worst, highest[i] - lowest[i]);
            }
        }
        assertThat(worst / WINDOW).isLessThan(0.005);
    }

    @Test
    void everyPhaseHasItsProportions() {
        List<Phase> phases = List.of(
                new Phase(0.25, List.of(8.0, 1.0, 1.0)),
                new Phase(0.75, List.of(0.0, 3.0, 1.0)),
                new Phase(1.0, List.of(0.2, 0.0, 0.8)));
        SourceSampler sampler = new SourceSampler(phases, 8000, unlimited(3));

        assertThat(counts(sampler, 0, 2000)).containsExactly(1600, 200, 200);
        assertThat(counts(sampler, 2000, 6000)).containsExactly(0, 3000, 1000);
        assertThat(counts(sampler, 6000, 8000)).containsExactly(400, 0, 1600);
    }

    @Test
    void realisedDrawsEqualThePlanWithinAFewItems() {
        Random random = new Random(3);
        for (int mixture = 0; mixture < 300; mixture++) {
            int sources = 2 + random.nextInt(6);
            List<Phase> phases = phases(random, sources);
            List<Long> most = LongStream.generate(() -> random.nextBoolean() ? UNLIMITED : 100 + random.nextInt(4000))
                    .limit(sources - 1L)
                    .boxed()
                    .collect(Collectors.toCollection(ArrayList::new));
            most.add(UNLIMITED);
            SamplingPlan plan = SamplingPlan.of(phases, 10_000, most);
            SourceSampler sampler = new SourceSampler(phases, 10_000, most);
            if (plan.missing().stream().anyMatch(items -> items > 0)) {
                continue;
            }

            int[] counts = counts(sampler, 0, 10_000);

            for (int i = 0; i < sources; i++) {
                assertThat(Math.abs(counts[i] - plan.drawn(i))).isLessThan(10_000 * 0.001);
            }
        }
    }

    @Test
    void aStoredPositionGivesTheItemsOfAnUninterruptedRun() {
        Random random = new Random(4);
        for (int mixture = 0; mixture < 200; mixture++) {
            int sources = 1 + random.nextInt(6);
            List<Phase> phases = phases(random, sources);
            List<Long> most = new ArrayList<>(unlimited(sources));
            most.set(0, sources == 1 ? UNLIMITED : 200L);
            int stop = 1 + random.nextInt(1500);
            SourceSampler whole = new SourceSampler(phases, 2000, most);
            List<SourceSampler.Choice> expected =
                    IntStream.range(0, 2000).mapToObj(whole::at).toList();
            SourceSampler stopped = new SourceSampler(phases, 2000, most);
            stopped.at(stop - 1);

            SourceSampler resumed = new SourceSampler(phases, 2000, most);
            resumed.restore(stop, Optional.of(stopped.position()));
            SourceSampler replayed = new SourceSampler(phases, 2000, most);
            replayed.restore(stop, Optional.empty());

            assertThat(replayed.position()).isEqualTo(resumed.position());
            assertThat(IntStream.range(stop, 2000).mapToObj(resumed::at)).isEqualTo(expected.subList(stop, 2000));
            assertThat(resumed.at(0)).isEqualTo(expected.getFirst());
        }
    }

    @Test
    void aSourceAtItsMaximumLeavesTheOthersInProportion() {
        SourceSampler sampler = new SourceSampler(
                Phase.constantWeights(List.of(0.5, 0.375, 0.125)), 420, List.of(20L, UNLIMITED, UNLIMITED));

        assertThat(counts(sampler, 0, 420)).containsExactly(20, 300, 100);
    }

    @Test
    void positionsAfterTheLastItemStartAgain() {
        SourceSampler sampler = new SourceSampler(Phase.constantWeights(List.of(1.0, 1.0)), 1, List.of(3L, 4L));

        assertThat(sampler.items()).isEqualTo(7);
        assertThat(sampler.steps(2)).isEqualTo(3);
        assertThat(sampler.at(7)).isEqualTo(sampler.at(0));
        assertThat(sampler.at(9)).isEqualTo(sampler.at(2));
    }

    @Test
    void aPositionOfOtherSourcesIsRefused() {
        SourceSampler sampler = new SourceSampler(Phase.constantWeights(List.of(1.0, 1.0)), 1, unlimited(2));

        assertThatThrownBy(() -> sampler.restore(1, Optional.of(new SamplerPosition(1, List.of(1L), List.of(0.0)))))
                .hasMessageContaining("is not of a sampler with 2 sources");
        assertThatThrownBy(() ->
                        sampler.restore(3, Optional.of(new SamplerPosition(3, List.of(1L, 1L), List.of(0.0, 0.0)))))
                .hasMessageContaining("is not of a sampler with 2 sources");
        assertThatThrownBy(() ->
                        sampler.restore(3, Optional.of(new SamplerPosition(2, List.of(1L, 1L), List.of(0.0, 0.0)))))
                .hasMessageContaining("has 2 items, expected 3");
    }

    private static List<Phase> phases(Random random, int sources) {
        return Stream.of(0.3, 0.55, 1.0)
                .map(until -> new Phase(until, list(weights(random, sources))))
                .toList();
    }

    private static double[] weights(Random random, int count) {
        double[] weights = new double[count];
        Arrays.setAll(weights, i -> Math.pow(random.nextDouble(), 3) + 1e-3);
        return weights;
    }

    private static List<Long> unlimited(int sources) {
        return LongStream.generate(() -> UNLIMITED).limit(sources).boxed().toList();
    }

    private static List<Integer> sources(SourceSampler sampler, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(item -> sampler.at(item).source())
                .toList();
    }

    private static int[] counts(SourceSampler sampler, int from, int to) {
        int[] counts = new int[sampler.position().drawn().size()];
        sources(sampler, from, to).forEach(source -> counts[source]++);
        return counts;
    }

    private static List<Double> list(double[] values) {
        return DoubleStream.of(values).boxed().toList();
    }

    private static List<Long> list(long[] values) {
        return LongStream.of(values).boxed().toList();
    }
}
