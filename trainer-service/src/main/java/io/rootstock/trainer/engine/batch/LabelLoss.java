package io.rootstock.trainer.engine.batch;

import java.util.Arrays;

/**
 * Training loss of class labels: PyTorch's {@code cross_entropy} with class weights and label smoothing. A share of the
 * loss can be moved to the row's prefixes: every token then predicts the label, with a weight that rises linearly to the
 * end of the row (linear gain, Dai and Le 2015), which helps with few rows.
 *
 * @param classWeights weight of each class [C]; empty if all are 1
 * @param smoothing label smoothing (Szegedy et al. 2016), in [0, 1)
 * @param prefixShare share of a row's loss on the tokens before the last, in [0, 1); 0 with label smoothing
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
public record LabelLoss(double[] classWeights, double smoothing, double prefixShare) {
    /** Plain cross-entropy at the last token. */
    public static final LabelLoss PLAIN = new LabelLoss(new double[0], 0, 0);

    /** Checks the ranges of the parameters. */
    public LabelLoss {
        if (Arrays.stream(classWeights).anyMatch(weight -> !(weight > 0) || !Double.isFinite(weight))) {
            throw new IllegalArgumentException("class weights must be above 0, were " + Arrays.toString(classWeights));
        }
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException("label smoothing must lie in [0, 1), was " + smoothing);
        }
        if (!(prefixShare >= 0 && prefixShare < 1) || (prefixShare > 0 && smoothing > 0)) {
            throw new IllegalArgumentException(
                    "prefix share must lie in [0, 1), and be 0 with label smoothing, was " + prefixShare);
        }
    }

    /** Weight of a row with this label. */
    double weight(int label) {
        return classWeights.length == 0 ? 1 : classWeights[label];
    }

    /** Weight of each position 0..last of a row [last+1]; they sum to 1, and the first token has none. */
    double[] shares(int last) {
        double[] shares = new double[last + 1];
        double prefixWeight = last > 1 ? prefixShare : 0;
        for (int position = 1; position < last; position++) {
            shares[position] = prefixWeight * 2 * position / ((double) last * (last - 1));
        }
        shares[last] = 1 - prefixWeight;
        return shares;
    }

    /** Loss weights of rows with these labels. */
    TargetWeights weights(int[] labels, int classes) {
        double[] targetWeights = Arrays.stream(labels)
                .mapToDouble(label -> (1 - smoothing) * weight(label))
                .toArray();
        double[] smoothingWeights = new double[smoothing == 0 ? 0 : classes];
        Arrays.setAll(smoothingWeights, label -> smoothing / classes * weight(label));
        return new TargetWeights(targetWeights, smoothingWeights);
    }
}
