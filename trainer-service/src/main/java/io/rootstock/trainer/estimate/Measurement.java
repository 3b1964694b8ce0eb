package io.rootstock.trainer.estimate;

/**
 * A measurement of this machine.
 *
 * @param value measured value, corrected for CPU time that other processes took
 * @param freeShare share of the CPUs that other processes left during the measurement, 0 to 1
 * @param millis time of the measurement, milliseconds since 1970
 */
record Measurement<T>(T value, double freeShare, long millis) {
    /** Least share of the CPUs for an exact measurement. */
    static final double UNDISTURBED = 0.9;

    /** Whether other processes used too many CPUs for an exact measurement. */
    boolean disturbed() {
        return freeShare < UNDISTURBED;
    }

    /** This measurement, kept after a more disturbed one, and valid for no longer than a disturbed one. */
    Measurement<T> keptAt(long now) {
        return new Measurement<>(value, Math.min(freeShare, Math.nextDown(UNDISTURBED)), now);
    }
}
