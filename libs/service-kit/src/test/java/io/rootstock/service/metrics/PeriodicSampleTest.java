package io.rootstock.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;

class PeriodicSampleTest {
    /** A reading that fails. */
    private static final int FAILURE = -1;

    private final SynchronousQueue<Integer> readings = new SynchronousQueue<>();

    @Test
    void holdsTheLastReadingAndForgetsItWhenOneFails() throws InterruptedException {
        try (PeriodicSample<Integer> sample = new PeriodicSample<>("test", Duration.ofMillis(1), this::read)) {
            assertThat(sample.last()).isEmpty();
            assertThat(sample.number(Integer::doubleValue)).isNaN();
            // The reading after a value has begun, so the value is stored.
            readings.put(7);
            readings.put(8);
            assertThat(sample.last()).isPresent();
            readings.put(FAILURE);
            readings.put(FAILURE);
            assertThat(sample.number(Integer::doubleValue)).isNaN();
            readings.put(9);
            readings.put(9);
            assertThat(sample.number(Integer::doubleValue)).isEqualTo(9);
        }
    }

    private int read() throws InterruptedException, IOException {
        int value = readings.take();
        if (value == FAILURE) {
            throw new IOException("no reading");
        }
        return value;
    }
}
