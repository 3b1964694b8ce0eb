package io.rootstock.evaluator.cache;

import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.score.Response;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cached responses of a task's rows: a file to which lines are appended. A damaged line, such as the last one of a killed
 * process, is ignored. Memory holds the place of each line, not its text. Safe for several threads.
 */
public final class TaskCache implements AutoCloseable {
    /** Longest line that is read or written. */
    private static final int MAX_LINE_LENGTH = 16 << 20;

    private final FileChannel channel;
    private final long limit;
    private final Map<String, Place> places = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Place> eldest) {
            return size() > TaskLimits.ROWS;
        }
    };
    private long end;

    private record Place(long offset, int length) {}

    /**
     * Opens the file, which is created if it does not exist, and reads the places of its lines.
     *
     * @param limit size in bytes beyond which nothing is appended
     */
    TaskCache(Path file, long limit) throws IOException {
        this.limit = limit;
        this.channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean opened = false;
        try {
            index();
            opened = true;
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    private void index() throws IOException {
        // Not closed: closing the stream would close the channel.
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel.position(0)), 1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long start = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            end++;
            if (next != '\n') {
                if (line.size() <= MAX_LINE_LENGTH) {
                    line.write(next);
                }
                continue;
            }
            long offset = start;
            int length = line.size();
            if (length <= MAX_LINE_LENGTH) {
                CachedResponses.key(line.toString(StandardCharsets.UTF_8))
                        .ifPresent(key -> places.put(key, new Place(offset, length)));
            }
            start = end;
            line.reset();
        }
        // The rest is the beginning of a line that a killed process did not finish.
        channel.truncate(start);
        end = start;
    }

    /** Returns the stored responses of a key. */
    public synchronized Optional<List<Response>> find(String key) {
        Place place = places.get(key);
        if (place == null) {
            return Optional.empty();
        }
        ByteBuffer line = ByteBuffer.allocate(place.length());
        try {
            while (line.hasRemaining()) {
                if (channel.read(line, place.offset() + line.position()) < 0) {
                    return Optional.empty();
                }
            }
        } catch (IOException _) {
            // The row is scored again.
            return Optional.empty();
        }
        return CachedResponses.responses(new String(line.array(), StandardCharsets.UTF_8));
    }

    /** Stores the responses of a key, unless the file has reached its limit. */
    public synchronized void put(String key, List<Response> responses) throws IOException {
        byte[] line = (CachedResponses.toLine(key, responses) + "\n").getBytes(StandardCharsets.UTF_8);
        if (end + line.length > limit || line.length > MAX_LINE_LENGTH) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(line);
        while (bytes.hasRemaining()) {
            channel.write(bytes, end + bytes.position());
        }
        places.put(key, new Place(end, line.length - 1));
        end += line.length;
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
