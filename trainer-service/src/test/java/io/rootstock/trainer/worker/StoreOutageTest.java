package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.v1.RunEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreOutageTest {
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    @TempDir
    Path folder;

    private EventLog events;
    private RunLog log;

    @BeforeEach
    void open() {
        events = EventLog.open(folder.resolve("events"));
        log = new RunLog(events, folder.resolve("figures"));
    }

    @AfterEach
    void close() {
        log.close();
        events.close();
    }

    @Test
    void anOutageIsReportedOnceAndOutlasted() throws InterruptedException {
        assertThat(new StoreOutage(log, stop).outlast(failing(2))).isEqualTo("result");
        assertThat(calls).hasValue(3);
        assertThat(messages())
                .containsExactly(
                        "no answer; the run waits for the artifact store", "the artifact store can be reached again");
    }

    @Test
    void aStopEndsTheWaiting() {
        stop.countDown();
        assertThatThrownBy(() -> new StoreOutage(log, stop).outlast(failing(100)))
                .isInstanceOf(UnreadableArtifactException.class);
        assertThat(calls).hasValue(1);
    }

    @Test
    void anOutageBeyondThePatienceIsAnError() {
        assertThatThrownBy(() -> new StoreOutage(log, stop, Duration.ZERO).outlast(failing(100)))
                .isInstanceOf(UnreadableArtifactException.class);
        assertThat(calls).hasValue(1);
    }

    @Test
    void otherErrorsAreNotRepeated() {
        assertThatThrownBy(() -> new StoreOutage(log, stop).outlast(() -> {
                    calls.incrementAndGet();
                    throw new ArtifactException("not a manifest");
                }))
                .hasMessage("not a manifest");
        assertThat(calls).hasValue(1);
        assertThat(messages()).isEmpty();
    }

    private Supplier<String> failing(int times) {
        return () -> {
            if (calls.incrementAndGet() <= times) {
                throw new UnreadableArtifactException("no answer", null);
            }
            return "result";
        };
    }

    private List<String> messages() {
        return EventLog.readAll(folder.resolve("events")).stream()
                .filter(RunEvent::hasMessage)
                .map(event -> event.getMessage().getText())
                .toList();
    }
}
