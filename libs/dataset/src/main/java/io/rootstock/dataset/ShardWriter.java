package io.rootstock.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Collects rows and writes them as one shard file (see {@link Shard}).
 *
 * <p>Rows are kept in memory until {@link #write}, 4 to 5 bytes per token: callers begin a new shard when
 * {@link #tokens()} reaches {@link #TOKENS_PER_SHARD}. Not safe for several threads.
 */
public final class ShardWriter {
    /** Size at which a caller begins the next shard: 4 Mi tokens, about 16 MiB of memory. */
    public static final long TOKENS_PER_SHARD = 1 << 22;

    private static final int BUFFER_BYTES = 1 << 16;

    private final DatasetKind kind;
    private final int vocabularySize;
    private int[] tokens = new int[1024];
    private byte[] mask;
    private int tokenCount;
    private long[] ends = new long[64];
    private int[] labels;
    private int rowCount;

    /**
     * @param kind kind of the rows
     * @param vocabularySize exclusive upper bound of the tokens; up to 65,536 a token is stored in two bytes
     */
    public ShardWriter(DatasetKind kind, int vocabularySize) {
        this.kind = kind;
        this.vocabularySize = vocabularySize;
        this.mask = new byte[kind == DatasetKind.INSTRUCTION || kind == DatasetKind.PREFERENCE ? tokens.length : 0];
        this.labels = new int[kind == DatasetKind.CLASSIFICATION ? ends.length : 0];
    }

    /** Adds a pre-training document. */
    public void addDocument(int[] row) {
        requireKind(DatasetKind.PRETRAINING);
        append(row);
    }

    /**
     * Adds an instruction row.
     *
     * @param row tokens [n]
     * @param answer loss mask [n]: 1 for tokens that count in the loss, else 0
     */
    public void addExample(int[] row, byte[] answer) {
        requireKind(DatasetKind.INSTRUCTION);
        masked(row, answer);
    }

    /**
     * Adds a preference pair.
     *
     * @param pair tokens of the row with the chosen answer, then of the row with the rejected one [n]
     * @param parts mask [n]: 1 for tokens that count in the loss, else 0; plus 2 in the second row
     */
    public void addPair(int[] pair, byte[] parts) {
        requireKind(DatasetKind.PREFERENCE);
        masked(pair, parts);
    }

    private void masked(int[] row, byte[] answer) {
        if (row.length != answer.length) {
            throw new IllegalArgumentException(row.length + " tokens but a mask of " + answer.length);
        }
        append(row);
        if (mask.length < tokenCount) {
            mask = Arrays.copyOf(mask, tokens.length);
        }
        System.arraycopy(answer, 0, mask, tokenCount - row.length, row.length);
    }

    /** Adds a labelled row. */
    public void addLabelled(int[] row, int label) {
        requireKind(DatasetKind.CLASSIFICATION);
        append(row);
        if (labels.length < rowCount) {
            labels = Arrays.copyOf(labels, ends.length);
        }
        labels[rowCount - 1] = label;
    }

    /** Number of rows added so far. */
    public long rows() {
        return rowCount;
    }

    /** Number of tokens added so far. */
    public long tokens() {
        return tokenCount;
    }

    /** Writes the shard to a new file; equal rows give identical bytes. */
    public void write(Path path) throws IOException {
        try (OutputStream out = Files.newOutputStream(path)) {
            writeTo(out);
        }
    }

    /** Writes the shard's bytes; does not close the stream. */
    public void writeTo(OutputStream out) throws IOException {
        int tokenBytes = vocabularySize <= ShardLayout.TWO_BYTE_VOCABULARY ? 2 : 4;
        Sink sink = new Sink(out);
        sink.putLong(ShardLayout.MAGIC);
        sink.putInt(ShardLayout.VERSION);
        sink.putInt(ShardLayout.code(kind));
        sink.putInt(tokenBytes);
        sink.putInt(0);
        sink.putLong(rowCount);
        sink.putLong(tokenCount);
        sink.putLong(0);
        for (int row = 0; row < rowCount; row++) {
            sink.putLong(ends[row]);
        }
        for (int i = 0; i < tokenCount; i++) {
            if (tokenBytes == 2) {
                sink.putShort((short) tokens[i]);
            } else {
                sink.putInt(tokens[i]);
            }
        }
        for (long i = ShardLayout.padding(tokenCount, tokenBytes); i > 0; i--) {
            sink.putByte((byte) 0);
        }
        switch (kind) {
            case PRETRAINING -> {}
            case INSTRUCTION, PREFERENCE -> {
                for (int i = 0; i < tokenCount; i++) {
                    sink.putByte(mask[i]);
                }
            }
            case CLASSIFICATION -> {
                for (int row = 0; row < rowCount; row++) {
                    sink.putInt(labels[row]);
                }
            }
        }
        sink.flush();
    }

    private void append(int[] row) {
        for (int token : row) {
            if (token < 0 || token >= vocabularySize) {
                throw new IllegalArgumentException(
                        "token " + token + " is outside the vocabulary of " + vocabularySize);
            }
        }
        int needed = Math.addExact(tokenCount, row.length);
        if (needed > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(needed, Math.addExact(tokens.length, tokens.length >> 1)));
        }
        System.arraycopy(row, 0, tokens, tokenCount, row.length);
        tokenCount = needed;
        if (rowCount == ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        ends[rowCount++] = tokenCount;
    }

    private void requireKind(DatasetKind wanted) {
        if (kind != wanted) {
            throw new IllegalStateException("a shard of kind " + kind + " takes no " + wanted + " rows");
        }
    }

    /** Writes little-endian values in large blocks. */
    private static final class Sink {
        private final OutputStream out;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

        Sink(OutputStream out) {
            this.out = out;
        }

        void putByte(byte value) throws IOException {
            reserve().put(value);
        }

        void putShort(short value) throws IOException {
            reserve().putShort(value);
        }

        void putInt(int value) throws IOException {
            reserve().putInt(value);
        }

        void putLong(long value) throws IOException {
            reserve().putLong(value);
        }

        void flush() throws IOException {
            out.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }

        private ByteBuffer reserve() throws IOException {
            if (buffer.remaining() < Long.BYTES) {
                flush();
            }
            return buffer;
        }
    }
}
