package io.rootstock.trainer.engine;

import java.util.Arrays;

/**
 * How labels count in training, as in PyTorch's {@code cross_entropy}: a class by its weight, and of each row a share
 * that is spread over all classes. Besides, a share of a row's loss may lie on its prefixes: each token predicts the label
 * too, with a weight that rises to the row's end (the linear gain of Dai and Le 2015), so that few rows teach much.
 *
 * @param classWeights one for each class; empty where all weigh 1
 * @param smoothing share of the target that is spread evenly (Szegedy et al. 2016), 0 to below 1
 * @param prefixShare share of a row's loss that lies on its tokens before the last, 0 to below 1
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, compared by nobody
public record LabelLoss(double[] classWeights, double smoothing, double prefixShare) {
    /** Every row counts once, for its label alone. */
    public static final LabelLoss PLAIN = new LabelLoss(new double[0], 0, 0);

    /** Refuses weights of which nothing would remain. */
    public LabelLoss {
        if (Arrays.stream(classWeights).anyMatch(weight -> !(weight > 0) || !Double.isFinite(weight))) {
            throw new IllegalArgumentException("class weights must be above 0, were " + Arrays.toString(classWeights));
        }
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException("label smoothing must lie in [0, 1), was " + smoothing);
        }
        if (!(prefixShare >= 0 && prefixShare < 1) || (prefixShare > 0 && smoothing > 0)) {
            throw new IllegalArgumentException(
                    "the prefixes' share must lie in [0, 1), and in 0 with label smoothing, was " + prefixShare);
        }
    }

    /** Weight of a row with this label. */
    double weight(int label) {
        return classWeights.length == 0 ? 1 : classWeights[label];
    }

    /** How a row's weight of 1 is divided among its positions 0 to the last [last+1]; the first token tells nothing. */
    double[] shares(int last) {
        double[] shares = new double[last + 1];
        double ofPrefixes = last > 1 ? prefixShare : 0;
        for (int position = 1; position < last; position++) {
            shares[position] = ofPrefixes * 2 * position / ((double) last * (last - 1));
        }
        shares[last] = 1 - ofPrefixes;
        return shares;
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
