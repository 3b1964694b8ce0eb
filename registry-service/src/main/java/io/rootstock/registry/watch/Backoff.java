package io.rootstock.registry.watch;

import java.time.Duration;

/** Exponential backoff of one retry loop: delays double from 100 ms to 5 s. */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofSeconds(5);

    private Duration next = FIRST;

    /** Returns the delay before the next attempt and doubles the one after it. */
    public Duration next() {
        Duration now = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(MAX) > 0 ? MAX : doubled;
        return now;
    }

    /** Resets the delay to 100 ms after a successful attempt. */
    public void reset() {
        next = FIRST;
    }
}
