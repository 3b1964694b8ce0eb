package io.rootstock.trainer.engine;

import java.util.Arrays;

/**
 * How labels count in training, as in PyTorch's {@code cross_entropy}: a class by its weight, and of each row a share
 * that is spread over all classes.
 *
 * @param classWeights one for each class; empty where all weigh 1
 * @param smoothing share of the target that is spread evenly (Szegedy et al. 2016), 0 to below 1
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, compared by nobody
public record LabelLoss(double[] classWeights, double smoothing) {
    /** Every row counts once, for its label alone. */
    public static final LabelLoss PLAIN = new LabelLoss(new double[0], 0);

    /** Refuses weights of which nothing would remain. */
    public LabelLoss {
        if (Arrays.stream(classWeights).anyMatch(weight -> !(weight > 0) || !Double.isFinite(weight))) {
            throw new IllegalArgumentException("class weights must be above 0, were " + Arrays.toString(classWeights));
        }
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException("label smoothing must lie in [0, 1), was " + smoothing);
        }
    }

    /** Weight of a row with this label. */
    double weight(int label) {
        return classWeights.length == 0 ? 1 : classWeights[label];
    }

    /** Weights of some rows' targets. */
    TargetWeights of(int[] labels, int classes) {
        double[] own = Arrays.stream(labels)
                .mapToDouble(label -> (1 - smoothing) * weight(label))
                .toArray();
        double[] everywhere = new double[smoothing == 0 ? 0 : classes];
        Arrays.setAll(everywhere, label -> smoothing / classes * weight(label));
        return new TargetWeights(own, everywhere);
    }
}
