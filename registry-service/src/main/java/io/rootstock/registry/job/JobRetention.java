package io.rootstock.registry.job;

import java.time.Duration;

/**
 * Times for which data of ended jobs is kept. Zero: for ever.
 *
 * @param events the events, except state changes
 * @param runs the run at the trainer, with its checkpoints and logs
 */
public record JobRetention(Duration events, Duration runs) {
    public JobRetention {
        if (events.isNegative() || runs.isNegative()) {
            throw new IllegalArgumentException("rootstock.registry.event-retention and rootstock.registry.run-retention"
                    + " must be at least 0, were " + events + " and " + runs);
        }
    }
}
