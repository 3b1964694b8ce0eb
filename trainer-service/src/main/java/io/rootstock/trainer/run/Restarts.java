package io.rootstock.trainer.run;

import java.time.Duration;

/**
 * Restarts of workers that fail repeatedly without a new checkpoint.
 *
 * @param most maximum number of restarts
 * @param pause time before the second restart; doubled for each further one, up to five minutes
 */
public record Restarts(int most, Duration pause) {
    private static final Duration MAX_PAUSE = Duration.ofMinutes(5);
    private static final int MAX_DOUBLINGS = 30;

    /** Creates restarts without pauses. */
    public static Restarts atOnce(int most) {
        return new Restarts(most, Duration.ZERO);
    }

    boolean permits(int failures) {
        return failures <= most;
    }

    /** Time before the restart after a number of failures. */
    Duration pause(int failures) {
        if (failures < 2 || pause.isZero()) {
            return Duration.ZERO;
        }
        Duration longer = pause.multipliedBy(1L << Math.min(failures - 2, MAX_DOUBLINGS));
        return longer.compareTo(MAX_PAUSE) < 0 ? longer : MAX_PAUSE;
    }
}
