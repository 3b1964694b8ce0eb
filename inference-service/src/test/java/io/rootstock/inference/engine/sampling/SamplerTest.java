package io.rootstock.inference.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares sampled tokens with a direct computation of the distribution that the options define. */
class SamplerTest {
    private static final int DRAWS = 20_000;

    @TempDir
    static Path directory;

    private static LlamaModel model;
    private static Vocabulary vocabulary;

    @BeforeAll
    static void load() {
        model = Llama.shared().load(TinyModel.random(1).write(directory.resolve("m.gguf")));
        vocabulary = new Vocabulary(model);
    }

    @AfterAll
    static void unload() {
        model.close();
    }

    private static float[] logits(int size) {
        Random random = new Random(7);
        float[] logits = new float[size];
        for (int i = 0; i < size; i++) {
            logits[i] = (float) (2 * random.nextGaussian());
        }
        return logits;
    }

    private static Sampler chooser(SamplerOptions options, int... prompt) {
        return new Sampler(options, 0, prompt, Optional.empty(), TokenRules.NONE, vocabulary);
    }

    /** Probabilities after top-k, top-p, min-p and temperature, from a full sort of the logits. */
    private static double[] expected(float[] logits, SamplerOptions options) {
        int[] order = IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        int kept = options.topK() > 0 ? Math.min(options.topK(), order.length) : order.length;
        double total = 0;
        for (int i = 0; i < kept; i++) {
            total += Math.exp(logits[order[i]]);
        }
        double sum = 0;
        int nucleus = 0;
        while (nucleus < kept && sum < options.topP() * total - 1e-12) {
            sum += Math.exp(logits[order[nucleus++]]);
        }
        double[] result = new double[logits.length];
        double weights = 0;
        for (int i = 0; i < nucleus; i++) {
            if (Math.exp(logits[order[i]] - logits[order[0]]) >= options.minP()) {
                result[order[i]] = Math.exp(logits[order[i]] / options.temperature());
                weights += result[order[i]];
            }
        }
        for (int i = 0; i < result.length; i++) {
            result[i] /= weights;
        }
        return result;
    }

    private static void assertDistribution(int size, SamplerOptions options) {
        float[] logits = logits(size);
        double[] expected = expected(logits, options);
        int[] counts = new int[size];
        try (Sampler chooser = chooser(options)) {
            for (int i = 0; i < DRAWS; i++) {
                counts[chooser.choose(logits.clone())]++;
            }
        }
        for (int token = 0; token < size; token++) {
            double deviation = Math.sqrt(expected[token] * (1 - expected[token]) / DRAWS);
            assertThat((double) counts[token] / DRAWS)
                    .as("token %d of %s", token, options)
                    .isCloseTo(expected[token], offset(5 * deviation + 1e-9));
        }
    }

    @Test
    void drawsFollowTheDistributionOfTheOptions() {
        assertDistribution(50, new SamplerOptions(1, 0, 1, 0, 1, 1));
        assertDistribution(50, new SamplerOptions(0.7f, 0, 1, 0, 1, 2));
        assertDistribution(50, new SamplerOptions(1.5f, 8, 1, 0, 1, 3));
        assertDistribution(50, new SamplerOptions(1, 0, 0.8f, 0, 1, 4));
        assertDistribution(50, new SamplerOptions(1, 0, 1, 0.1f, 1, 5));
        assertDistribution(50, new SamplerOptions(0.8f, 20, 0.9f, 0.05f, 1, 6));
        assertDistribution(50, new SamplerOptions(1, 1, 1, 0, 1, 7));
        // A nucleus that is larger than the sampler's first partial sort.
        assertDistribution(TinyModel.VOCABULARY, new SamplerOptions(1, 0, 0.99f, 0, 1, 8));
    }

    @Test
    void equalSeedsDrawEqualTokensAndTheIndexIsAddedToTheSeed() {
        float[] logits = logits(200);
        SamplerOptions options = new SamplerOptions(1, 0, 1, 0, 1, 40);
        int[] first = draws(chooser(options), logits);
        assertThat(draws(chooser(options), logits)).isEqualTo(first);
        assertThat(draws(chooser(options.withSeed(42)), logits)).isNotEqualTo(first);
        assertThat(draws(new Sampler(options, 2, new int[0], Optional.empty(), TokenRules.NONE, vocabulary), logits))
                .isEqualTo(draws(chooser(options.withSeed(42)), logits));
    }

    private static int[] draws(Sampler chooser, float[] logits) {
        return IntStream.range(0, 50).map(_ -> chooser.choose(logits.clone())).toArray();
    }

    @Test
    void penaltiesApplyToPromptAndTextWithinTheWindow() {
        float[] logits = new float[100];
        logits[5] = 3;
        logits[6] = 2.5f;
        logits[7] = -1;
        SamplerOptions repeat = new SamplerOptions(0, 0, 1, 0, 2, 0);
        float[] changed = logits.clone();
        assertThat(chooser(repeat, 5, 7).choose(changed)).isEqualTo(6);
        assertThat(changed[5]).isEqualTo(1.5f);
        assertThat(changed[7]).isEqualTo(-2);
        float[] counted = logits.clone();
        chooser(SamplerOptions.GREEDY.withPenalties(0.25f, 0.5f), 5, 5, 7).choose(counted);
        assertThat(counted[5]).isEqualTo(3 - 2 * 0.5f - 0.25f);
        assertThat(counted[7]).isEqualTo(-1 - 0.5f - 0.25f);
        assertThat(counted[6]).isEqualTo(2.5f);
        int[] longer = IntStream.concat(
                        IntStream.of(5), IntStream.generate(() -> 9).limit(SamplerOptions.PENALTY_WINDOW))
                .toArray();
        assertThat(chooser(repeat, longer).choose(logits.clone())).isEqualTo(5);
    }

    @Test
    void logitBiasForcesAndForbidsTokens() {
        float[] logits = new float[10];
        logits[3] = 5;
        assertThat(chooser(SamplerOptions.GREEDY.withLogitBias(Map.of(8, 100f))).choose(logits.clone()))
                .isEqualTo(8);
        assertThat(chooser(SamplerOptions.GREEDY.withLogitBias(Map.of(3, Float.NEGATIVE_INFINITY)))
                        .choose(logits.clone()))
                .isNotEqualTo(3);
    }

    @Test
    void ignoredEndOfTextIsNeverSampled() {
        float[] logits = new float[TinyModel.VOCABULARY];
        logits[TinyModel.END_OF_TEXT] = 50;
        logits[65] = 1;
        Sampler chooser =
                new Sampler(SamplerOptions.GREEDY, 0, new int[0], Optional.empty(), TokenRules.ENDLESS, vocabulary);
        assertThat(chooser.choose(logits.clone())).isEqualTo(65);
        assertThat(chooser(SamplerOptions.GREEDY).choose(logits.clone())).isEqualTo(TinyModel.END_OF_TEXT);
    }

    @Test
    void tokensThatEndTheTextAreSampledAfterTheMinimumOnly() {
        float[] logits = new float[TinyModel.VOCABULARY];
        logits[TinyModel.END_OF_TEXT] = 50;
        logits[66] = 40;
        logits[65] = 1;
        TokenRules rules = new TokenRules(false, 2, Set.of(66), Set.of());
        Sampler sampler = new Sampler(SamplerOptions.GREEDY, 0, new int[0], Optional.empty(), rules, vocabulary);
        assertThat(sampler.changesLogits()).isTrue();
        assertThat(sampler.choose(logits.clone())).isEqualTo(65);
        assertThat(sampler.choose(logits.clone())).isEqualTo(65);
        assertThat(sampler.choose(logits.clone())).isEqualTo(TinyModel.END_OF_TEXT);
    }

    @Test
    void onlyAllowedTokensAreSampled() {
        TokenRules rules = new TokenRules(false, 0, Set.of(), Set.of(3, 70, 91));
        SamplerOptions hot = new SamplerOptions(2, 0, 1, 0, 1, 5);
        Sampler sampler = new Sampler(hot, 0, new int[0], Optional.empty(), rules, vocabulary);
        Set<Integer> seen = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            seen.add(sampler.choose(logits(TinyModel.VOCABULARY)));
        }
        assertThat(seen).containsExactly(3, 70, 91);
    }

    @Test
    void theLargestLogitsAreSortedAndComplete() {
        float[] logits = logits(1000);
        int[] largest = Logits.largest(logits, 40);
        int[] expected = IntStream.range(0, 1000)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                .limit(40)
                .mapToInt(Integer::intValue)
                .toArray();
        assertThat(largest).isEqualTo(expected);
        assertThat(Logits.largest(new float[] {Float.NEGATIVE_INFINITY, 1}, 5)).containsExactly(1);
    }
}
