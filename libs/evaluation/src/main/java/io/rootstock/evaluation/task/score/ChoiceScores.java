package io.rootstock.evaluation.task.score;

import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.request.Expected;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Scores of a row with choices. Where k choices are equal and best, each counts 1/k: the first choice is often the
 * correct one, and a constant model must have chance accuracy.
 */
final class ChoiceScores {
    /** Difference of two sums of log-probabilities, in nats, that floating-point order can explain. */
    static final double NEAR_TIE = 2e-3;

    private final Expected.Choice expected;
    private final List<Response.Loglikelihood> responses;

    /**
     * @param expected choices and gold
     * @param responses responses of the choices; then of the choices without context, if requested
     */
    ChoiceScores(Expected.Choice expected, List<Response.Loglikelihood> responses) {
        this.expected = expected;
        this.responses = responses;
    }

    /** Accuracy of the row under a metric, 0 to 1. */
    double accuracy(Metric metric) {
        IntToDoubleFunction score = scores(metric);
        double best = best(score);
        int tied = 0;
        int correct = 0;
        for (int i = 0; i < expected.choices().size(); i++) {
            if (score.applyAsDouble(i) == best) {
                tied++;
                correct += expected.gold().contains(i) ? 1 : 0;
            }
        }
        return (double) correct / tied;
    }

    /** Index of the first best choice under a metric. */
    int prediction(Metric metric) {
        IntToDoubleFunction score = scores(metric);
        double best = best(score);
        int index = 0;
        while (score.applyAsDouble(index) != best) {
            index++;
        }
        return index;
    }

    /** Whether a second choice is within {@link #NEAR_TIE} of the best sum, or equal to it. */
    boolean nearTie() {
        IntToDoubleFunction score = scores(Metric.ACC);
        double best = best(score);
        int close = 0;
        for (int i = 0; i < expected.choices().size(); i++) {
            double value = score.applyAsDouble(i);
            close += value == best || best - value <= NEAR_TIE ? 1 : 0;
        }
        return close > 1;
    }

    private double best(IntToDoubleFunction score) {
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < expected.choices().size(); i++) {
            best = Math.max(best, score.applyAsDouble(i));
        }
        return best;
    }

    private IntToDoubleFunction scores(Metric metric) {
        List<String> choices = expected.choices();
        return switch (metric) {
            case ACC -> this::logprob;
            case ACC_NORM ->
                i -> logprob(i)
                        / choices.get(i).codePointCount(0, choices.get(i).length());
            case ACC_BYTES -> i -> logprob(i) / choices.get(i).getBytes(StandardCharsets.UTF_8).length;
            case ACC_TOKENS -> i -> logprob(i) / responses.get(i).tokens();
            case ACC_MUTUAL_INFO -> i -> difference(logprob(i), logprob(choices.size() + i));
            default -> throw new IllegalArgumentException("not a metric of choices: " + metric.key());
        };
    }

    private double logprob(int i) {
        return responses.get(i).logprob();
    }

    /** A choice that is impossible with context stays impossible; a choice that only was impossible without is best. */
    private static double difference(double conditional, double unconditional) {
        return conditional == Double.NEGATIVE_INFINITY ? conditional : conditional - unconditional;
    }
}
