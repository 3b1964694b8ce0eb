package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a log that a service writes: its last lines, then new ones. A service that starts may move a long log away and begin
 * a new file; reading continues at the beginning of the new one.
 */
public final class LogFile {
    private static final int BLOCK = 1 << 16;
    private static final int POLL_MILLIS = 200;
    private static final int MAX_WAITS = 5;
    /** The last lines are searched for in this many bytes at the end, so that a log of any length is read at once. */
    private static final int MAX_TAIL_LENGTH = 1 << 24;

    private final Path file;
    private long position;
    private Object identity;
    private byte[] partial = new byte[0];

    /** @param file the log; need not exist yet */
    public LogFile(Path file) {
        this.file = file;
    }

    /** Returns the last lines, at most {@code most} of them; none if the file does not exist. */
    public List<String> tail(int most) {
        try {
            if (!Files.exists(file)) {
                return List.of();
            }
            identity = identity();
            position = Math.max(0, Files.size(file) - MAX_TAIL_LENGTH);
            boolean whole = position == 0;
            List<String> lines = read();
            int first = Math.max(whole || lines.isEmpty() ? 0 : 1, lines.size() - most);
            return lines.subList(Math.min(first, lines.size()), lines.size());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    /** Waits until lines have been written, and returns them; none after a second without lines. */
    public List<String> next() {
        try {
            List<String> lines = Files.exists(file) ? fresh() : List.of();
            for (int wait = 0; lines.isEmpty() && wait < MAX_WAITS; wait++) {
                Thread.sleep(POLL_MILLIS);
                lines = Files.exists(file) ? fresh() : List.of();
            }
            return lines;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "run the command again");
        }
    }

    private List<String> fresh() throws IOException {
        Object now = identity();
        if (!now.equals(identity) || Files.size(file) < position) {
            identity = now;
            position = 0;
            partial = new byte[0];
        }
        return read();
    }

    /** The file's device and inode. */
    private Object identity() throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file : key;
    }

    /** Reads the complete lines from the position to the end. */
    private List<String> read() throws IOException {
        List<String> lines = new ArrayList<>();
        byte[] block = new byte[BLOCK];
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            log.seek(position);
            for (int read = log.read(block); read > 0; read = log.read(block)) {
                position += read;
                split(Arrays.copyOf(block, read), lines);
            }
        }
        return lines;
    }

    private void split(byte[] bytes, List<String> lines) {
        byte[] all = Arrays.copyOf(partial, partial.length + bytes.length);
        System.arraycopy(bytes, 0, all, partial.length, bytes.length);
        int start = 0;
        for (int at = 0; at < all.length; at++) {
            if (all[at] == '\n') {
                lines.add(new String(all, start, at - start, StandardCharsets.UTF_8));
                start = at + 1;
            }
        }
        partial = Arrays.copyOfRange(all, start, all.length);
    }
}
