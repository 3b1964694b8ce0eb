package io.rootstock.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong nanos = new AtomicLong();

    private static Caller caller(String name) {
        return new Caller(name, List.of(), Optional.empty());
    }

    @Test
    void admitsTwoSecondsOfRequestsAtOnceAndThenTheRate() {
        RateLimit limit = new RateLimit(10, nanos::get);
        for (int i = 0; i < 20; i++) {
            limit.admit(caller("users/a"));
        }
        assertThatThrownBy(() -> limit.admit(caller("users/a")))
                .hasMessageStartingWith("RESOURCE_EXHAUSTED: users/a has made more than 10.0 requests per second");
        assertThatCode(() -> limit.admit(caller("users/b"))).doesNotThrowAnyException();

        nanos.addAndGet(100_000_000);
        limit.admit(caller("users/a"));
        assertThatThrownBy(() -> limit.admit(caller("users/a"))).hasMessageStartingWith("RESOURCE_EXHAUSTED");
    }

    @Test
    void servicesAreNotLimited() {
        RateLimit limit = new RateLimit(1, nanos::get);
        for (int i = 0; i < 100; i++) {
            limit.admit(Caller.SERVICE);
            limit.admit(Caller.LOCAL);
        }
        assertThat(nanos).hasValue(0);
    }
}
