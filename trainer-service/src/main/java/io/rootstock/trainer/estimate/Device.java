package io.rootstock.trainer.estimate;

/**
 * What training runs on.
 *
 * @param name in words
 * @param peakFlops floating-point operations a second at best, of all its cores together
 * @param utilization share of the peak that training reaches, 0 to 1
 * @param dollarsPerHour price
 */
public record Device(String name, double peakFlops, double utilization, double dollarsPerHour) {
    /** Operations a second that training reaches. */
    public double reachedFlops() {
        return peakFlops * utilization;
    }

    /** The same device at another price; 0 keeps the table's. */
    public Device pricedAt(double price) {
        return price > 0.0 ? new Device(name, peakFlops, utilization, price) : this;
    }
}
