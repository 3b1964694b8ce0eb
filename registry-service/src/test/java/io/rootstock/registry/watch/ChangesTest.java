package io.rootstock.registry.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ChangesTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Changes changes = new Changes();

    @Test
    void aChangeOfAJobWakesItsWatchersOnly() {
        long all = changes.count();
        long one = changes.count("one");
        long other = changes.count("other");
        CompletableFuture<Boolean> waiting = waiting("one", one);
        changes.announce("one");
        assertThat(waiting.join()).isTrue();
        assertThat(changes.count("one")).isGreaterThan(one);
        assertThat(changes.count()).isEqualTo(all);
        assertThat(changes.count("other")).isEqualTo(other);
    }

    @Test
    void aGeneralChangeWakesAll() {
        CompletableFuture<Boolean> job = waiting("one", changes.count("one"));
        long seen = changes.count();
        CompletableFuture<Boolean> general = CompletableFuture.supplyAsync(() -> {
            try {
                return changes.await(seen, LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        changes.announce();
        assertThat(job.join()).isTrue();
        assertThat(general.join()).isTrue();
    }

    @Test
    void closingEndsEveryWait() {
        CompletableFuture<Boolean> waiting = waiting("one", changes.count("one"));
        changes.close();
        assertThat(waiting.join()).isFalse();
    }

    private CompletableFuture<Boolean> waiting(String job, long seen) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return changes.await(job, seen, LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
