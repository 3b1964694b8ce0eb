package io.rootstock.trainer.events;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import io.rootstock.trainer.v1.RunEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writer of a run's event log. A process has at most one writer per run; a lock file serializes the writers of
 * different processes, so that sequence numbers have no gaps.
 */
public final class EventLog implements AutoCloseable {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();

    private final Path file;
    private final FileChannel log;
    private final FileChannel lock;
    private final EventReader written;
    private long sequence;

    private EventLog(Path file, FileChannel log, FileChannel lock) {
        this.file = file;
        this.log = log;
        this.lock = lock;
        this.written = new EventReader(file);
    }

    /** Opens or creates the log and its lock file, named after it with the suffix {@code .lock}. */
    public static EventLog open(Path file) {
        try {
            FileChannel log = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            // A separate file: closing any channel of a file releases all locks that the process holds on it, and
            // readers open and close the log.
            FileChannel lock = FileChannel.open(
                    file.resolveSibling(file.getFileName() + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            return new EventLog(file, log, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the event log " + file, e);
        }
    }

    /** Appends an event with the next sequence number, and the current time unless it has a time; returns it. */
    public RunEvent append(RunEvent.Builder event) {
        return append(event, false);
    }

    /** Like {@link #append(RunEvent.Builder)}, but returns only after the event is durable on disk. */
    public RunEvent appendDurably(RunEvent.Builder event) {
        return append(event, true);
    }

    /** Sequence number of the newest event; 0 if the log is empty. */
    public synchronized long lastSequence() {
        for (RunEvent event : written.poll()) {
            sequence = event.getSequence();
        }
        return sequence;
    }

    private synchronized RunEvent append(RunEvent.Builder event, boolean durable) {
        try (FileLock turn = lock.lock()) {
            requireExclusive(turn);
            long last = lastSequence();
            if (log.size() > written.position()) {
                log.truncate(written.position());
            }
            if (!event.hasTime()) {
                event.setTime(Timestamps.fromMillis(System.currentTimeMillis()));
            }
            RunEvent complete = event.setSequence(last + 1).build();
            ByteBuffer line = ByteBuffer.wrap((PRINTER.print(complete) + "\n").getBytes(StandardCharsets.UTF_8));
            long position = written.position();
            while (line.hasRemaining()) {
                position += log.write(line, position);
            }
            if (durable) {
                log.force(true);
            }
            return complete;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("event cannot be written as JSON: " + event, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to the event log " + file, e);
        }
    }

    private static void requireExclusive(FileLock turn) {
        if (turn.isShared()) {
            throw new IllegalStateException("this file system gives no exclusive locks");
        }
    }

    /** Reads all events of a log. */
    public static List<RunEvent> readAll(Path file) {
        return new EventReader(file).poll();
    }

    @Override
    public void close() {
        try (log;
                lock) {
            log.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the event log " + file, e);
        }
    }
}
