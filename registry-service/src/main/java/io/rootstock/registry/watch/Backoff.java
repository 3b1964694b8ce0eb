package io.rootstock.registry.watch;

import java.time.Duration;

/** Waits that double from a tenth of a second to five, for one caller that tries something again and again. */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = FIRST;

    /** How long to wait now; the next wait is twice as long. */
    public Duration next() {
        Duration now = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return now;
    }

    /** It worked: begin with a short wait again. */
    public void reset() {
        next = FIRST;
    }
}
