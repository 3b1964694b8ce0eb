package io.rootstock.registry.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Delays between the attempts of a delivery: exponential backoff with jitter, over about a day. */
final class RetrySchedule {
    private static final List<Duration> DELAYS = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(3),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(4),
            Duration.ofHours(8),
            Duration.ofHours(12));

    /** Maximum number of attempts of a delivery. */
    static final int ATTEMPTS = DELAYS.size() + 1;

    private static final double JITTER = 0.2;

    private RetrySchedule() {}

    /**
     * Returns the delay before the next attempt, within 20 % of the schedule; empty if there is none.
     *
     * @param failed number of failed attempts, at least 1
     */
    static Optional<Duration> delay(int failed, RandomGenerator random) {
        if (failed >= ATTEMPTS) {
            return Optional.empty();
        }
        double factor = random.nextDouble(1 - JITTER, 1 + JITTER);
        return Optional.of(Duration.ofMillis(Math.round(DELAYS.get(failed - 1).toMillis() * factor)));
    }
}
