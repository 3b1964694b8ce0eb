package io.rootstock.evaluation.statistic;

/**
 * Minimum detectable effect: the smallest true difference that a two-sided test at a level finds with a probability,
 * its power. A smaller difference may exist; these rows cannot show it.
 *
 * @param level probability of a false alarm, such as 0.05, between 0 and 1
 * @param power such as 0.8, between 0.5 and 1
 */
public record DetectableEffect(double level, double power) {
    /** The usual level of 0.05 and power of 0.8. */
    public static final DetectableEffect DEFAULT = new DetectableEffect(0.05, 0.8);

    public DetectableEffect {
        Fractions.check("level", level);
        Fractions.check("power", power);
        if (power < 0.5) {
            throw new IllegalArgumentException("power " + power + " is below 0.5");
        }
    }

    /** Returns the effect for a difference whose standard error is known, in the unit of the error. */
    public double of(double standardError) {
        return (levelQuantile() + NormalDistribution.quantile(power)) * standardError;
    }

    /**
     * Returns the effect for the difference of two shares of the same rows (Connor 1987): the number of rows that
     * differ is expected to stay, and the variance shrinks as the difference grows. Where fewer rows differ than the
     * smallest difference that the test can find, it is that difference, with all differing rows in one direction.
     *
     * @param rows number of rows, above 0
     * @param discordant share of the rows that exactly one system has right, above 0, at most 1
     * @return a share of the rows, at most 1
     */
    public double ofShares(long rows, double discordant) {
        if (rows < 1 || !(discordant > 0 && discordant <= 1)) {
            throw new IllegalArgumentException(
                    "detectable effect of %d rows, share %s of them discordant".formatted(rows, discordant));
        }
        double factor = shareFactor(rows);
        return Math.min(1, Math.sqrt(Math.max(discordant, factor * factor)) * factor);
    }

    /**
     * Returns the effect for a difference that comes from a number of rows: with few of them, their own spread says too
     * little, and the standard error is that of {@link #fewestDiffering} rows.
     *
     * @param differing number of rows whose values differ, above 0, at most {@code rows}
     */
    public double of(double standardError, long rows, long differing) {
        return of(standardError) * Math.sqrt(Math.max(1, fewestDiffering(rows) / differing));
    }

    /** Number of rows, all in favour of one system, that a test finds with this power: about 8 at the usual level. */
    public double fewestDiffering(long rows) {
        double factor = shareFactor(rows);
        return rows * Math.min(1, factor * factor);
    }

    /** The effect divided by the square root of the share of discordant rows. */
    private double shareFactor(long rows) {
        double levelQuantile = levelQuantile();
        double powerQuantile = NormalDistribution.quantile(power);
        double squares = powerQuantile * powerQuantile;
        double rest = Math.max(0, rows - levelQuantile * levelQuantile + squares);
        return (Math.sqrt((double) rows) * levelQuantile + powerQuantile * Math.sqrt(rest)) / (rows + squares);
    }

    /** Returns the probability that a test finds a true difference. */
    public double powerAt(double difference, double standardError) {
        double ratio = Math.abs(difference) / standardError;
        return NormalDistribution.cumulative(ratio - levelQuantile())
                + NormalDistribution.cumulative(-ratio - levelQuantile());
    }

    private double levelQuantile() {
        return NormalDistribution.twoSided(1 - level);
    }
}
