package io.rootstock.trainer.estimate;

/**
 * A device that a run uses.
 *
 * @param name display name
 * @param peakFlops peak FLOP/s of all its cores together
 * @param utilization share of the peak that training reaches, 0 to 1
 * @param dollarsPerHour price
 */
public record Device(String name, double peakFlops, double utilization, double dollarsPerHour) {
    /** FLOP/s that training reaches. */
    public double reachedFlops() {
        return peakFlops * utilization;
    }

    /** Returns this device with a different price; 0 keeps the table's price. */
    public Device pricedAt(double price) {
        return price > 0.0 ? new Device(name, peakFlops, utilization, price) : this;
    }
}
