package io.rootstock.evaluation.task.score;

import io.rootstock.evaluation.task.request.Expected;
import java.util.List;

/**
 * A row with choices as a prediction of classes. The probabilities are the softmax of the sums of log-probabilities.
 *
 * @param label text of the correct choice; the predicted one of several correct choices, or else the first
 * @param predicted text of the most probable choice; of equal ones the first
 * @param probability probability of the predicted choice
 * @param squaredError sum of the squared errors of all probabilities, 0 to 2
 * @param positiveProbability probability of the positive class; NaN if the row has none
 * @param positive whether the positive class is correct
 */
public record ClassPrediction(
        String label,
        String predicted,
        double probability,
        double squaredError,
        double positiveProbability,
        boolean positive) {
    /**
     * Returns the prediction of a record.
     *
     * @param responses responses of the choices; others may follow
     * @throws IllegalArgumentException if a choice has no log-probability
     */
    public static ClassPrediction of(Expected.Choice expected, List<Response> responses) {
        double[] logprobs = new double[expected.choices().size()];
        for (int i = 0; i < logprobs.length; i++) {
            if (i >= responses.size() || !(responses.get(i) instanceof Response.Loglikelihood response)) {
                throw new IllegalArgumentException("choice " + i + " has no log-probability");
            }
            logprobs[i] = response.logprob();
        }
        return of(expected, logprobs);
    }

    /**
     * Returns the prediction of log-probabilities.
     *
     * @param logprobs sums of log-probabilities in nats, [choices]
     */
    public static ClassPrediction of(Expected.Choice expected, double[] logprobs) {
        double[] probabilities = softmax(logprobs);
        int predicted = 0;
        double squaredError = 0;
        // Several correct choices share the target probability.
        long correct = expected.gold().stream().distinct().count();
        for (int i = 0; i < probabilities.length; i++) {
            predicted = logprobs[i] > logprobs[predicted] ? i : predicted;
            double error = probabilities[i] - (expected.gold().contains(i) ? 1.0 / correct : 0);
            squaredError += error * error;
        }
        int label = expected.gold().contains(predicted)
                ? predicted
                : expected.gold().getFirst();
        int positive = expected.positive().orElse(-1);
        return new ClassPrediction(
                expected.choices().get(label),
                expected.choices().get(predicted),
                probabilities[predicted],
                squaredError,
                positive < 0 ? Double.NaN : probabilities[positive],
                expected.gold().contains(positive));
    }

    /** Whether the predicted class is the correct one. */
    public boolean correct() {
        return label.equals(predicted);
    }

    private static double[] softmax(double[] logprobs) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logprob : logprobs) {
            largest = Math.max(largest, logprob);
        }
        double[] probabilities = new double[logprobs.length];
        double sum = 0;
        for (int i = 0; i < logprobs.length; i++) {
            // Choices that are all impossible are equally probable.
            probabilities[i] = largest == Double.NEGATIVE_INFINITY ? 1 : Math.exp(logprobs[i] - largest);
            sum += probabilities[i];
        }
        for (int i = 0; i < logprobs.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }
}
