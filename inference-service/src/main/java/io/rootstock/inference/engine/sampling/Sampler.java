package io.rootstock.inference.engine.sampling;

import io.rootstock.llama.Grammar;
import io.rootstock.llama.SamplerOptions;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Samples the tokens of one completion: logit bias, penalties, top-k, top-p, min-p and temperature, in llama.cpp's
 * order. The grammar is checked for the sampled token first; only if it rejects that token, all tokens are masked by
 * the grammar and one is sampled from the rest. Engine thread only.
 */
public final class Sampler implements AutoCloseable {
    /** Returned if no token has a probability above 0. */
    public static final int NONE = -1;

    private static final int FIRST_GUESS = 128;

    /** Sampling time of a token with a grammar above which {@link #slow} is set; it delays the other streams. */
    private static final long MAX_NANOSECONDS = TimeUnit.SECONDS.toNanos(1);

    private final SamplerOptions options;
    private final Vocabulary vocabulary;
    private final Optional<Grammar> grammar;
    private final TokenRules rules;
    private final SplittableRandom random;
    /** Ring buffer of the last tokens. */
    private final int[] window;

    private int seen;
    private int made;
    private boolean slow;

    public Sampler(
            SamplerOptions options,
            int index,
            int[] prompt,
            Optional<Grammar> grammar,
            TokenRules rules,
            Vocabulary vocabulary) {
        this.options = options;
        this.vocabulary = vocabulary;
        this.grammar = grammar;
        this.rules = rules;
        long seed = options.seed() == SamplerOptions.RANDOM_SEED
                ? ThreadLocalRandom.current().nextLong()
                : Integer.toUnsignedLong(options.seed() + index);
        this.random = new SplittableRandom(seed);
        this.window = new int[options.penalizes() ? SamplerOptions.PENALTY_WINDOW : 0];
        for (int i = Math.max(0, prompt.length - window.length); i < prompt.length; i++) {
            remember(prompt[i]);
        }
    }

    /** Whether {@link #choose} changes the logits it receives. */
    public boolean changesLogits() {
        return rules.excludesTokens()
                || grammar.isPresent()
                || options.penalizes()
                || !options.logitBias().isEmpty();
    }

    /** Whether the grammar is so ambiguous that checking a token against it delays the other streams. */
    public boolean slow() {
        return slow;
    }

    /** Samples the next token; {@link #NONE} if there is none. Changes the logits. */
    public int choose(float[] logits) {
        if (grammar.isEmpty()) {
            return chosen(logits);
        }
        long start = System.nanoTime();
        int token = chosen(logits);
        slow = System.nanoTime() - start > MAX_NANOSECONDS;
        return token;
    }

    private int chosen(float[] logits) {
        for (Map.Entry<Integer, Float> bias : options.logitBias().entrySet()) {
            if (bias.getKey() >= 0 && bias.getKey() < logits.length) {
                logits[bias.getKey()] += bias.getValue();
            }
        }
        penalize(logits);
        rules.mask(logits);
        boolean masked = false;
        while (true) {
            int token = pick(logits);
            if (token == NONE) {
                return NONE;
            }
            if (rules.endsTooEarly(token, made, vocabulary)) {
                logits[token] = Float.NEGATIVE_INFINITY;
            } else if (!masked && grammar.isPresent() && !grammar.get().allows(token)) {
                grammar.get().mask(logits);
                masked = true;
            } else {
                accept(token);
                return token;
            }
        }
    }

    /** Whether the grammar allows the text to end here; true without a grammar. */
    public boolean complete(int endOfText) {
        return grammar.isEmpty() || (endOfText >= 0 && grammar.get().allows(endOfText));
    }

    @Override
    public void close() {
        grammar.ifPresent(Grammar::close);
    }

    private void accept(int token) {
        made++;
        remember(token);
        if (grammar.isPresent() && !vocabulary.ends(token)) {
            grammar.get().accept(token);
        }
    }

    private void remember(int token) {
        if (window.length > 0) {
            window[seen++ % window.length] = token;
        }
    }

    private void penalize(float[] logits) {
        int held = Math.min(seen, window.length);
        for (int i = 0; i < held; i++) {
            int token = window[i];
            int count = 0;
            boolean first = true;
            for (int j = 0; j < held; j++) {
                if (window[j] == token) {
                    count++;
                    first &= j >= i;
                }
            }
            if (first) {
                float logit = logits[token];
                logit = logit <= 0 ? logit * options.repeatPenalty() : logit / options.repeatPenalty();
                logits[token] = logit - count * options.frequencyPenalty() - options.presencePenalty();
            }
        }
    }

    private int pick(float[] logits) {
        if (options.temperature() == 0) {
            return Logits.argmax(logits);
        }
        if (options.topK() == 0 && options.topP() >= 1) {
            return drawFromAll(logits);
        }
        int[] candidates = options.topK() > 0 ? Logits.largest(logits, options.topK()) : nucleus(logits);
        int size = candidates.length;
        if (size == 0) {
            return NONE;
        }
        if (options.topK() > 0 && options.topP() < 1) {
            size = cut(logits, candidates, total(logits, candidates));
        }
        float least = least(logits[candidates[0]]);
        while (size > 1 && logits[candidates[size - 1]] < least) {
            size--;
        }
        return draw(logits, candidates, size);
    }

    /** The most probable tokens whose probabilities sum to at least top-p, in descending order. */
    private int[] nucleus(float[] logits) {
        double total = Math.exp(Logits.logSumExp(logits) - most(logits));
        for (int guess = FIRST_GUESS; ; guess *= 8) {
            int[] candidates = Logits.largest(logits, guess);
            if (candidates.length < guess || total(logits, candidates) >= options.topP() * total) {
                return Arrays.copyOf(candidates, cut(logits, candidates, total));
            }
        }
    }

    /** Number of candidates whose probabilities sum to at least top-p. */
    private int cut(float[] logits, int[] candidates, double total) {
        double sum = 0;
        for (int i = 0; i < candidates.length; i++) {
            sum += Math.exp((double) logits[candidates[i]] - logits[candidates[0]]);
            if (sum >= options.topP() * total) {
                return i + 1;
            }
        }
        return candidates.length;
    }

    private static double total(float[] logits, int[] candidates) {
        double sum = 0;
        for (int token : candidates) {
            sum += Math.exp((double) logits[token] - logits[candidates[0]]);
        }
        return sum;
    }

    private static double most(float[] logits) {
        int best = Logits.argmax(logits);
        return best < 0 ? 0 : logits[best];
    }

    private float least(float most) {
        return options.minP() > 0 ? most + (float) Math.log(options.minP()) : Float.NEGATIVE_INFINITY;
    }

    private int draw(float[] logits, int[] candidates, int size) {
        double[] sums = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weight(logits[candidates[i]], logits[candidates[0]]);
            sums[i] = sum;
        }
        double point = random.nextDouble() * sum;
        for (int i = 0; i < size; i++) {
            if (point < sums[i]) {
                return candidates[i];
            }
        }
        return candidates[size - 1];
    }

    private int drawFromAll(float[] logits) {
        int best = Logits.argmax(logits);
        if (best < 0) {
            return NONE;
        }
        float most = logits[best];
        float least = least(most);
        double sum = 0;
        for (float logit : logits) {
            if (logit >= least) {
                sum += weight(logit, most);
            }
        }
        double point = random.nextDouble() * sum;
        for (int token = 0; token < logits.length; token++) {
            if (logits[token] >= least) {
                point -= weight(logits[token], most);
                if (point < 0) {
                    return token;
                }
            }
        }
        return best;
    }

    private double weight(float logit, float most) {
        return Math.exp(((double) logit - most) / options.temperature());
    }
}
