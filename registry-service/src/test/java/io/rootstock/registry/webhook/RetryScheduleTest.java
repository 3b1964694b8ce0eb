package io.rootstock.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.registry.webhook.WebhookDispatcher.RetrySchedule;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    @Test
    void nineAttemptsOverAboutADay() {
        Duration shortest = Duration.ZERO;
        Duration longest = Duration.ZERO;
        for (int failed = 1; failed < RetrySchedule.ATTEMPTS; failed++) {
            Duration low = delay(failed, 0);
            Duration high = delay(failed, -1L);
            assertThat(low).isLessThan(high).isGreaterThanOrEqualTo(longest);
            shortest = shortest.plus(low);
            longest = high;
        }
        assertThat(RetrySchedule.ATTEMPTS).isEqualTo(9);
        assertThat(delay(1, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(shortest).isBetween(Duration.ofHours(20), Duration.ofHours(21));
        assertThat(RetrySchedule.delay(9, new Random(1))).isEmpty();
    }

    @Test
    void delaysVary() {
        RandomGenerator random = new Random(1);
        assertThat(RetrySchedule.delay(3, random)).isNotEqualTo(RetrySchedule.delay(3, random));
    }

    private static Duration delay(int failed, long bits) {
        return RetrySchedule.delay(failed, () -> bits).orElseThrow();
    }
}
