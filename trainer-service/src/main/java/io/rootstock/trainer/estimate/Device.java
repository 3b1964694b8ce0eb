package io.rootstock.trainer.estimate;

/**
 * A device that a run uses.
 *
 * @param name display name
 * @param peakFlops peak FLOP/s of all its cores together
 * @param utilization share of the peak that training reaches, 0 to 1
 * @param freeShare share of its cores that other processes leave, 0 to 1
 * @param dollarsPerHour price
 */
public record Device(String name, double peakFlops, double utilization, double freeShare, double dollarsPerHour) {
    /** With fewer free cores, an estimate assumes this share. */
    private static final double MIN_SHARE = 0.05;

    /** Creates a device that no other process uses. */
    public Device(String name, double peakFlops, double utilization, double dollarsPerHour) {
        this(name, peakFlops, utilization, 1, dollarsPerHour);
    }

    /** FLOP/s that training reaches. */
    public double reachedFlops() {
        return peakFlops * utilization * Math.max(freeShare, MIN_SHARE);
    }

    /** Returns this device with a different utilization. */
    public Device utilized(double share) {
        return new Device(name, peakFlops, share, freeShare, dollarsPerHour);
    }

    /** Returns this device with a share of its cores that other processes leave. */
    public Device sharing(double share) {
        return new Device(name, peakFlops, utilization, share, dollarsPerHour);
    }

    /** Returns this device with a different price; 0 keeps the table's price. */
    public Device pricedAt(double price) {
        return price > 0.0 ? new Device(name, peakFlops, utilization, freeShare, price) : this;
    }
}
