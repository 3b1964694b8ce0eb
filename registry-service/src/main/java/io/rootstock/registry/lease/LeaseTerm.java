package io.rootstock.registry.lease;

import java.time.Duration;

/**
 * Term of the leases of jobs.
 *
 * @param duration time after which a lease expires without a renewal, 5 s to 10 min
 */
public record LeaseTerm(Duration duration) {
    private static final Duration MIN = Duration.ofSeconds(5);
    private static final Duration MAX = Duration.ofMinutes(10);

    /** Checks the duration. */
    public LeaseTerm {
        if (duration.compareTo(MIN) < 0 || duration.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    "rootstock.registry.lease (ROOTSTOCK_REGISTRY_LEASE) must be from 5s to 10m, was "
                            + duration.toMillis() + " ms");
        }
    }
}
