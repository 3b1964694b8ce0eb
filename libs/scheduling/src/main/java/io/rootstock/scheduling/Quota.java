package io.rootstock.scheduling;

/**
 * Share and limits of a user or team.
 *
 * @param weight weight of its fair share relative to the other teams, or to the other users of its team; above 0
 * @param devices maximum number of devices that its jobs hold at a time
 * @param dollarsPerMonth maximum cost of its jobs in a calendar month; infinite: none
 */
public record Quota(double weight, int devices, double dollarsPerMonth) {
    /** Weight 1, without limits. */
    public static final Quota DEFAULT = new Quota(1, Integer.MAX_VALUE, Double.POSITIVE_INFINITY);

    public Quota {
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("weight must be above 0 and finite, was " + weight);
        }
        if (devices < 0) {
            throw new IllegalArgumentException("devices must be at least 0, was " + devices);
        }
        if (!(dollarsPerMonth >= 0)) {
            throw new IllegalArgumentException("dollarsPerMonth must be at least 0, was " + dollarsPerMonth);
        }
    }
}
