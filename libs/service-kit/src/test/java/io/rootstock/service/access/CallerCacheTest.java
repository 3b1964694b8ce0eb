package io.rootstock.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.service.Errors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CallerCacheTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicInteger lookups = new AtomicInteger();

    private CallerCache cache(Supplier<Optional<Caller>> answer) {
        return new CallerCache(
                new CallerSource() {
                    @Override
                    public Optional<Caller> find(String token) {
                        lookups.incrementAndGet();
                        return answer.get();
                    }

                    @Override
                    public Duration freshness() {
                        return Duration.ofSeconds(30);
                    }
                },
                now::get);
    }

    private static Caller alice(Optional<Instant> expiry) {
        return new Caller("users/alice", List.of(), expiry);
    }

    @Test
    void asksOnceWhileTheAnswerIsFresh() {
        CallerCache cache = cache(() -> Optional.of(alice(Optional.empty())));

        assertThat(cache.find("a").join()).contains(alice(Optional.empty()));
        now.set(START.plusSeconds(29));
        assertThat(cache.find("a").join()).isPresent();
        assertThat(lookups).hasValue(1);

        now.set(START.plusSeconds(30));
        assertThat(cache.find("a").join()).isPresent();
        assertThat(lookups).hasValue(2);
    }

    @Test
    void remembersThatATokenIsInvalid() {
        CallerCache cache = cache(Optional::empty);

        assertThat(cache.find("a").join()).isEmpty();
        assertThat(cache.find("a").join()).isEmpty();
        assertThat(lookups).hasValue(1);
    }

    @Test
    void aTokenExpiresAlthoughItsAnswerIsFresh() {
        CallerCache cache = cache(() -> Optional.of(alice(Optional.of(START.plusSeconds(10)))));

        assertThat(cache.find("a").join()).isPresent();
        now.set(START.plusSeconds(10));
        assertThat(cache.find("a").join()).isEmpty();
    }

    @Test
    void aCallerOfAnotherInstanceGoesOnFor15MinutesAfterItsConfirmation() {
        CallerCache other = cache(() -> Optional.of(alice(Optional.empty())));
        assertThat(other.find("a").join()).isPresent();
        CallerCache cache = new CallerCache(
                new CallerSource() {
                    @Override
                    public Optional<Caller> find(String token) {
                        throw Errors.unavailable("IDENTITY_UNAVAILABLE", "away");
                    }

                    @Override
                    public Optional<KnownCaller> known(String hash) {
                        return other.known(hash);
                    }

                    @Override
                    public Duration freshness() {
                        return Duration.ofSeconds(30);
                    }
                },
                now::get);

        now.set(START.plusSeconds(899));
        assertThat(cache.find("a").join()).contains(alice(Optional.empty()));
        assertThatThrownBy(() -> cache.find("b").join()).hasMessageContaining("away");
        now.set(START.plusSeconds(900));
        assertThatThrownBy(() -> cache.find("a").join()).hasMessageContaining("away");
    }

    @Test
    void knownCallersGoOnFor15MinutesWithoutTheRegistry() {
        AtomicReference<Supplier<Optional<Caller>>> answer =
                new AtomicReference<>(() -> Optional.of(alice(Optional.empty())));
        CallerCache cache = cache(() -> answer.get().get());
        cache.find("a").join();
        answer.set(() -> {
            throw Errors.unavailable("IDENTITY_UNAVAILABLE", "gone");
        });

        now.set(START.plus(Duration.ofMinutes(14)));
        assertThat(cache.find("a").join()).isPresent();
        assertThatThrownBy(() -> cache.find("b").join()).hasMessageContaining("UNAVAILABLE");

        now.set(START.plus(Duration.ofMinutes(15)));
        assertThatThrownBy(() -> cache.find("a").join()).hasMessageContaining("UNAVAILABLE");
    }

    @Test
    void equalTokensAreLookedUpOnceAndAtMost32Together() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(32);
        CallerCache cache = cache(() -> {
            started.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(alice(Optional.empty()));
        });
        List<CompletableFuture<Optional<Caller>>> found = java.util.stream.IntStream.range(0, 64)
                .mapToObj(i -> cache.find("token " + i % 32))
                .toList();
        started.await();

        assertThatThrownBy(() -> cache.find("another").join()).hasMessageContaining("RESOURCE_EXHAUSTED");
        release.countDown();
        assertThat(found).allSatisfy(caller -> assertThat(caller.join()).isPresent());
        assertThat(lookups).hasValue(32);
    }
}
