package io.rootstock.scheduling;

/**
 * Cost of a job.
 *
 * @param dollarsPerHour measured or estimated price of all devices of the job together; at least 0
 * @param dollarsSpent cost so far
 * @param maxDollars limit; infinite: none
 * @param reportSeconds longest expected time between two reports of the cost
 */
public record Cost(double dollarsPerHour, double dollarsSpent, double maxDollars, double reportSeconds) {
    /** Without a price and a limit. */
    public static final Cost NONE = new Cost(0, 0, Double.POSITIVE_INFINITY, 0);

    private static final double SECONDS_PER_HOUR = 3600;

    public Cost {
        if (!(dollarsPerHour >= 0) || Double.isInfinite(dollarsPerHour)) {
            throw new IllegalArgumentException("dollarsPerHour must be at least 0 and finite, was " + dollarsPerHour);
        }
        if (!(dollarsSpent >= 0)) {
            throw new IllegalArgumentException("dollarsSpent must be at least 0, was " + dollarsSpent);
        }
        if (!(maxDollars >= 0)) {
            throw new IllegalArgumentException("maxDollars must be at least 0, was " + maxDollars);
        }
        if (!(reportSeconds >= 0)) {
            throw new IllegalArgumentException("reportSeconds must be at least 0, was " + reportSeconds);
        }
    }

    /** Returns the cost of a time span. */
    public double dollars(double seconds) {
        return dollarsPerHour * seconds / SECONDS_PER_HOUR;
    }

    /**
     * Whether the limit can be exceeded before the job has stopped, if it stops after its next report: it must stop now.
     *
     * @param stopSeconds time that a stop at a checkpoint lasts
     */
    public boolean mustStop(double stopSeconds) {
        return dollarsSpent + dollars(reportSeconds + stopSeconds) > maxDollars;
    }

    /**
     * Returns the time until {@link #mustStop} is true; infinite without a limit or price.
     *
     * @param stopSeconds time that a stop at a checkpoint lasts
     */
    public double affordableSeconds(double stopSeconds) {
        if (dollarsPerHour == 0 || Double.isInfinite(maxDollars)) {
            return Double.POSITIVE_INFINITY;
        }
        double left = (maxDollars - dollarsSpent) * SECONDS_PER_HOUR / dollarsPerHour - (reportSeconds + stopSeconds);
        return Math.max(0, left);
    }

    /** Returns the cost until the job has stopped, if it stops after its next report. */
    double reactionDollars(double stopSeconds) {
        return dollars(reportSeconds + stopSeconds);
    }
}
