package io.rootstock.scheduling;

/**
 * Parameters of the scheduling policy, in seconds.
 *
 * @param halfLife time after which used device time counts half in the fair share; also discounts the time that running
 *     jobs will use
 * @param aging waiting time after which a job is ordered as one of the next higher priority class; a job above the highest
 *     class is overdue, and overdue jobs start in the order of their submission
 * @param minimumRun time for which a started job is not preempted
 * @param stop time that a run needs to write a checkpoint and stop
 */
public record Policy(double halfLife, double aging, double minimumRun, double stop) {
    /** Half-life and aging bound of a week, ten minutes without preemption, a stop in half a minute. */
    public static final Policy DEFAULT = new Policy(7 * 86_400, 7 * 86_400, 600, 30);

    private static final double LOG_2 = Math.log(2);

    public Policy {
        requirePositive("halfLife", halfLife);
        requirePositive("aging", aging);
        requireNotNegative("minimumRun", minimumRun);
        requireNotNegative("stop", stop);
    }

    /** Returns the factor by which device time that was used some time ago counts. */
    public double decay(double seconds) {
        return Math.exp(-LOG_2 * seconds / halfLife);
    }

    /** Returns the decayed device time at the end of a span in which one device was used; seconds, below the span. */
    double decayedSpan(double seconds) {
        return -Math.expm1(-LOG_2 * seconds / halfLife) * halfLife / LOG_2;
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(name + " must be above 0, was " + value);
        }
    }

    private static void requireNotNegative(String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(name + " must be at least 0, was " + value);
        }
    }
}
