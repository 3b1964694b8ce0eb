package io.rootstock.evaluator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluator.run.Progress.RowRate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(3));

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void theRateCoversTheLastTenSeconds() {
        RowRate rate = new RowRate(now::get);
        assertThat(rate.perSecond()).isZero();
        rate.add(5);
        pass(500);
        assertThat(rate.perSecond()).isCloseTo(10, within(1e-9));
        for (int second = 0; second < 30; second++) {
            rate.add(20);
            pass(1000);
        }
        // 10.5 seconds: 20 rows each second, the current one has none yet.
        assertThat(rate.perSecond()).isCloseTo(200 / 10.5, within(1e-9));
        pass(60_000);
        assertThat(rate.perSecond()).isZero();
    }

    @Test
    void aProgressWithoutATaskIsNotReported() {
        Progress progress = new Progress(10, now::get);
        assertThat(progress.message()).isEmpty();
        progress.begin("t");
        assertThat(progress.message()).hasValueSatisfying(message -> {
            assertThat(message.getTask()).isEqualTo("t");
            assertThat(message.getTotalRows()).isEqualTo(10);
            assertThat(message.getRemainingSeconds()).isEqualTo(-1);
            assertThat(message.hasRunning()).isFalse();
        });
    }

    @Test
    void aSearchPrecedesTheRows() {
        Progress progress = new Progress(10, now::get);
        progress.beginSearch(1000);
        pass(500);
        progress.searched("datasets/web", 250);
        assertThat(progress.message()).hasValueSatisfying(message -> {
            assertThat(message.getSearch().getDataset()).isEqualTo("datasets/web");
            assertThat(message.getSearch().getBytesRead()).isEqualTo(250);
            assertThat(message.getSearch().getTotalBytes()).isEqualTo(1000);
            assertThat(message.getSearch().getBytesPerSecond()).isCloseTo(500, within(1e-9));
            assertThat(message.getRemainingSeconds()).isCloseTo(1.5, within(1e-9));
            assertThat(message.getRows()).isZero();
            assertThat(message.getTotalRows()).isEqualTo(10);
        });
        progress.begin("t");
        assertThat(progress.message())
                .hasValueSatisfying(message -> assertThat(message.hasSearch()).isFalse());
    }
}
