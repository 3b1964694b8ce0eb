package io.rootstock.trainer.events;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.rootstock.trainer.v1.RunEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a run's event log from its start. Returns complete lines only; an incomplete or invalid tail is read later. */
public final class EventReader {
    private static final int MAX_BYTES = 1 << 22;
    private static final int TAIL_BYTES = 1 << 16;
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private final Path file;
    private long position;
    private long lastSequence;

    /** Starts before the first event. */
    public EventReader(Path file) {
        this.file = file;
    }

    /**
     * Starts at the first event that begins within the last bytes of a log; at its start if none begins there.
     *
     * @param bytes number of bytes
     */
    public static EventReader tail(Path file, int bytes) {
        EventReader reader = new EventReader(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long start = channel.size() - bytes;
            if (start > 0) {
                reader.skipTo(channel, start - 1, bytes);
            }
        } catch (NoSuchFileException notYetThere) {
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the event log " + file, e);
        }
        return reader;
    }

    /** Moves to the beginning of the first line after the one at {@code start}. */
    private void skipTo(FileChannel channel, long start, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(most + 1);
        int read = channel.read(bytes, start);
        for (int i = 0; i < read; i++) {
            if (bytes.get(i) == '\n') {
                position = start + i + 1;
                return;
            }
        }
    }

    /** Returns the newest complete event of a log, without reading the whole log; empty if there is none. */
    public static Optional<RunEvent> last(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            List<RunEvent> events = new EventReader(file).lastLine(channel);
            return events.isEmpty() ? newest(new EventReader(file).poll()) : newest(events);
        } catch (NoSuchFileException notYetThere) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the event log " + file, e);
        }
    }

    private static Optional<RunEvent> newest(List<RunEvent> events) {
        return events.isEmpty() ? Optional.empty() : Optional.of(events.getLast());
    }

    /** Returns the event of the last complete line; empty if the line is longer than the tail that is read, or torn. */
    private List<RunEvent> lastLine(FileChannel channel) throws IOException {
        long start = Math.max(0, channel.size() - TAIL_BYTES);
        ByteBuffer bytes = ByteBuffer.allocate(TAIL_BYTES);
        int read = channel.read(bytes, start);
        int end = lineBreakBefore(bytes, read);
        int before = lineBreakBefore(bytes, end);
        if (end < 0 || (before < 0 && start > 0)) {
            return List.of();
        }
        position = start + before + 1;
        return poll();
    }

    /** Index of the last line break before an index; -1 if there is none. */
    private static int lineBreakBefore(ByteBuffer bytes, int index) {
        for (int i = index - 1; i >= 0; i--) {
            if (bytes.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** End of the last complete event read, in bytes. */
    public long position() {
        return position;
    }

    /** Sequence number of the last event read; 0 before the first. */
    public long lastSequence() {
        return lastSequence;
    }

    /** Returns the events added since the last call. */
    public List<RunEvent> poll() {
        List<RunEvent> events = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int found = 1;
            while (found > 0 && channel.size() > position) {
                found = readSome(channel, events);
            }
            return events;
        } catch (NoSuchFileException notYetThere) {
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the event log " + file, e);
        }
    }

    private int readSome(FileChannel channel, List<RunEvent> events) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MAX_BYTES, channel.size() - position));
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, position + bytes.position());
        }
        int start = 0;
        int found = 0;
        for (int i = 0; i < bytes.position(); i++) {
            if (bytes.get(i) == '\n') {
                RunEvent.Builder event = RunEvent.newBuilder();
                try {
                    PARSER.merge(new String(bytes.array(), start, i - start, StandardCharsets.UTF_8), event);
                } catch (InvalidProtocolBufferException torn) {
                    return 0;
                }
                events.add(event.build());
                lastSequence = event.getSequence();
                position += i + 1 - start;
                start = i + 1;
                found++;
            }
        }
        return found;
    }
}
