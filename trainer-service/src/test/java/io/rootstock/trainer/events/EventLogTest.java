package io.rootstock.trainer.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    @TempDir
    Path directory;

    @Test
    void sequenceNumbersContinueAfterReopening() {
        Path file = directory.resolve("events.log");
        try (EventLog log = EventLog.open(file)) {
            assertThat(log.append(message("one")).getSequence()).isEqualTo(1);
            assertThat(log.appendDurably(message("two\nlines")).getSequence()).isEqualTo(2);
        }
        try (EventLog log = EventLog.open(file)) {
            assertThat(log.lastSequence()).isEqualTo(2);
            assertThat(log.append(message("three")).getSequence()).isEqualTo(3);
        }
        assertThat(EventLog.readAll(file))
                .extracting(event -> event.getMessage().getText())
                .containsExactly("one", "two\nlines", "three");
    }

    @Test
    void theNewestEventIsFoundWithoutReadingTheWholeLog() throws IOException {
        Path file = directory.resolve("events.log");
        assertThat(EventReader.last(file)).isEmpty();
        try (EventLog log = EventLog.open(file)) {
            log.append(message("first"));
            assertThat(EventReader.last(file).orElseThrow().getSequence()).isEqualTo(1);
            for (int i = 0; i < 1000; i++) {
                log.append(message("x".repeat(200)));
            }
        }
        Files.writeString(file, "{\"sequence\":\"1002\",\"mess", StandardOpenOption.APPEND);
        assertThat(EventReader.last(file).orElseThrow().getSequence()).isEqualTo(1001);
        try (EventLog log = EventLog.open(file)) {
            log.append(message("y".repeat(200_000)));
        }
        assertThat(EventReader.last(file).orElseThrow().getSequence()).isEqualTo(1002);
    }

    @Test
    void twoWritersLeaveNoGaps() {
        Path file = directory.resolve("events.log");
        try (EventLog service = EventLog.open(file);
                EventLog worker = EventLog.open(file)) {
            for (int i = 0; i < 20; i++) {
                service.append(message("service"));
                worker.append(message("worker"));
                worker.append(message("worker"));
            }
        }
        assertThat(EventLog.readAll(file))
                .extracting(RunEvent::getSequence)
                .isSorted()
                .hasSize(60);
        assertThat(EventLog.readAll(file).getLast().getSequence()).isEqualTo(60);
    }

    @Test
    void anIncompleteLineIsNotReadAndIsRemovedByTheNextWriter() throws IOException {
        Path file = directory.resolve("events.log");
        try (EventLog log = EventLog.open(file)) {
            log.append(message("whole"));
        }
        Files.writeString(file, "{\"sequence\":\"2\",\"mess", StandardOpenOption.APPEND);
        assertThat(EventLog.readAll(file)).hasSize(1);
        try (EventLog log = EventLog.open(file)) {
            assertThat(log.append(message("next")).getSequence()).isEqualTo(2);
        }
        assertThat(EventLog.readAll(file))
                .extracting(event -> event.getMessage().getText())
                .containsExactly("whole", "next");
    }

    @Test
    void aTailOfZerosAfterAPowerLossIsRemoved() throws IOException {
        Path file = directory.resolve("events.log");
        try (EventLog log = EventLog.open(file)) {
            log.append(message("whole"));
        }
        Files.write(file, new byte[] {0, 0, 0, '\n', 0}, StandardOpenOption.APPEND);
        try (EventLog log = EventLog.open(file)) {
            assertThat(log.append(message("next")).getSequence()).isEqualTo(2);
        }
        assertThat(EventLog.readAll(file)).hasSize(2);
    }

    @Test
    void aReaderReturnsNewEvents() {
        Path file = directory.resolve("events.log");
        EventReader reader = new EventReader(file);
        assertThat(reader.poll()).isEmpty();
        try (EventLog log = EventLog.open(file)) {
            log.append(message("one"));
            assertThat(reader.poll()).hasSize(1);
            assertThat(reader.poll()).isEmpty();
            log.append(message("two"));
            assertThat(reader.poll()).hasSize(1);
        }
    }

    private static RunEvent.Builder message(String text) {
        return RunEvent.newBuilder().setMessage(RunMessage.newBuilder().setText(text));
    }
}
