package io.rootstock.evaluation.gate;

import io.rootstock.evaluation.comparison.TaskDifference;
import io.rootstock.evaluation.statistic.Interval;
import io.rootstock.evaluation.statistic.Proportion;
import java.util.Locale;

/**
 * The quantized version and the one in F32 have the same first score on enough rows: the lower end of the interval of 95 %
 * (Wilson) is not below a share.
 *
 * @param minimumShare above 0, at most 1
 */
public record Agreement(double minimumShare) {
    private static final double CONFIDENCE = 0.95;

    public Agreement {
        if (!(minimumShare > 0 && minimumShare <= 1)) {
            throw new IllegalArgumentException("minimum_share: must be above 0 and at most 1, was " + minimumShare);
        }
    }

    /** Judges the rows of the two evaluations. */
    public GateOutcome judge(TaskDifference difference) {
        int equal = difference.rows() - difference.wins() - difference.losses();
        Interval interval = new Proportion(equal, difference.rows()).wilson(CONFIDENCE);
        return new GateOutcome(
                interval.low() >= minimumShare,
                String.format(
                        Locale.ROOT,
                        "%d of %d rows agree [%.4f, %.4f]: at least %.4f is required",
                        equal,
                        difference.rows(),
                        interval.low(),
                        interval.high(),
                        minimumShare));
    }
}
