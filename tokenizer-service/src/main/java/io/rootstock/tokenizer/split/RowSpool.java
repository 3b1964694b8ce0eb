package io.rootstock.tokenizer.split;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * Tokenized rows in a temporary file, in order of arrival, for splits that depend on the number of rows.
 *
 * <p>Memory holds {@value #BYTES_PER_ROW} bytes of each row (its place, a hash of its tokens and its label id) and one buffer; tokens
 * and masks are in the file only, which the operating system removes with the process. Not safe for several threads.
 */
final class RowSpool implements AutoCloseable {
    /** Bytes of memory of a row. */
    static final int BYTES_PER_ROW = 20;

    private static final int BUFFER_BYTES = 1 << 18;
    private static final int HEADER_BYTES = Integer.BYTES + 4 * Long.BYTES + 1;
    private static final Set<StandardOpenOption> OPTIONS = EnumSet.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);

    private final FileChannel channel;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long flushed;
    private long[] starts = new long[1024];
    private long[] keys = new long[1024];
    private int[] labels = new int[1024];
    private int rows;

    /**
     * A row of the spool.
     *
     * @param line line in its file
     * @param example the row without its label
     */
    record Spooled(long line, Example example) {}

    /** @param folder folder of the temporary file, created if it is missing */
    RowSpool(Path folder) {
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(folder.resolve("rows-" + UUID.randomUUID() + ".spool"), OPTIONS);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot create a temporary file in " + folder, failure);
        }
    }

    /** Number of rows. */
    int size() {
        return rows;
    }

    /**
     * Adds a row.
     *
     * @param label id of its label; 0 if it has none
     */
    void add(long line, int label, Example example) {
        if (rows == starts.length) {
            int larger = Math.addExact(rows, rows >> 1);
            starts = Arrays.copyOf(starts, larger);
            keys = Arrays.copyOf(keys, larger);
            labels = Arrays.copyOf(labels, larger);
        }
        int[] tokens = example.tokens();
        byte[] answer = example.answer();
        int length = HEADER_BYTES + tokens.length * Integer.BYTES + (answer == null ? 0 : answer.length);
        reserve(length);
        starts[rows] = flushed + buffer.position();
        keys[rows] = (hash(tokens) << Integer.SIZE) | rows;
        labels[rows++] = label;
        buffer.putLong(line)
                .putLong(example.bytes())
                .putLong(example.characters())
                .putLong(tokens.length)
                .putInt(answer == null ? 0 : answer.length)
                .put((byte) (answer == null ? 0 : 1));
        buffer.asIntBuffer().put(tokens);
        buffer.position(buffer.position() + tokens.length * Integer.BYTES);
        if (answer != null) {
            buffer.put(answer);
        }
    }

    /** Ends the writing; rows are read after it. */
    void finish() {
        flush();
        buffer = ByteBuffer.allocate(BUFFER_BYTES);
    }

    /** Label id of a row. */
    int label(int row) {
        return labels[row];
    }

    /**
     * Returns the keys of the rows: a hash of the tokens in the upper half, the row in the lower one. The first
     * {@link #size} are set; the caller may reorder them.
     */
    long[] keys() {
        return keys;
    }

    /** Reads a row. */
    Spooled read(int row) {
        ByteBuffer stored = stored(row);
        long line = stored.getLong();
        long bytes = stored.getLong();
        long characters = stored.getLong();
        int[] tokens = new int[(int) stored.getLong()];
        byte[] answer = new byte[stored.getInt()];
        boolean answered = stored.get() == 1;
        stored.asIntBuffer().get(tokens);
        stored.position(stored.position() + tokens.length * Integer.BYTES);
        stored.get(answer);
        return new Spooled(line, new Example(tokens, answered ? answer : null, null, bytes, characters));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot close a temporary file", failure);
        }
    }

    private ByteBuffer stored(int row) {
        long end = row + 1 < rows ? starts[row + 1] : flushed;
        int length = (int) (end - starts[row]);
        if (length > buffer.capacity()) {
            buffer = ByteBuffer.allocate(length);
        }
        buffer.clear().limit(length);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, starts[row] + buffer.position()) < 0) {
                    throw new IOException("the file ends in row " + row);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read a temporary file of rows", failure);
        }
        return buffer.flip();
    }

    private void reserve(int length) {
        if (length > buffer.remaining()) {
            flush();
            if (length > buffer.capacity()) {
                buffer = ByteBuffer.allocate(length);
            }
        }
    }

    private void flush() {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                flushed += channel.write(buffer, flushed);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write a temporary file of rows", failure);
        }
        buffer.clear();
    }

    private static long hash(int[] tokens) {
        long hash = tokens.length;
        for (int token : tokens) {
            hash = (hash ^ token) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
