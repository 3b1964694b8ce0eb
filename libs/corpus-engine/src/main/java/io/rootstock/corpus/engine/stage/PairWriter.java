package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.engine.format.ArrayFileWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes pairs of document numbers, 8 bytes each, in arrays of 64 Ki pairs. */
final class PairWriter {
    private static final int PAIRS = 1 << 16;

    private final ArrayFileWriter writer;
    private final ByteBuffer pairs = ByteBuffer.allocate(PAIRS * 2 * Integer.BYTES);
    private long count;

    PairWriter(ArrayFileWriter writer) {
        this.writer = writer;
    }

    void add(int first, int second) throws IOException {
        pairs.putInt(first).putInt(second);
        count++;
        if (!pairs.hasRemaining()) {
            flush();
        }
    }

    /** Ends the file and returns the number of pairs. */
    long finish() throws IOException {
        flush();
        writer.finish();
        return count;
    }

    private void flush() throws IOException {
        writer.add(pairs.array(), pairs.position());
        pairs.clear();
    }
}
