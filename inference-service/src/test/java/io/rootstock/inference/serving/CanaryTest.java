package io.rootstock.inference.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.registry.v1.Version;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryTest {
    private static Canary percent(int percent) {
        return new Canary(Version.getDefaultInstance(), percent, false, Optional.empty());
    }

    private static long answered(Canary canary, int requests) {
        return IntStream.range(0, requests)
                .filter(i -> canary.answers("request-" + i))
                .count();
    }

    @Test
    void theShareOfTheRequestsIsTheConfiguredPercentage() {
        assertThat(answered(percent(0), 1000)).isZero();
        assertThat(answered(percent(100), 1000)).isEqualTo(1000);
        assertThat(answered(percent(10), 20_000)).isCloseTo(2000, within(200L));
        assertThat(answered(percent(50), 20_000)).isCloseTo(10_000, within(400L));
    }

    @Test
    void aRequestIdKeepsItsVersionWhileTheShareGrows() {
        for (int i = 0; i < 500; i++) {
            String id = "conversation-" + i;
            assertThat(percent(20).answers(id)).isEqualTo(percent(20).answers(id));
            if (percent(20).answers(id)) {
                assertThat(percent(40).answers(id)).isTrue();
            }
        }
    }
}
