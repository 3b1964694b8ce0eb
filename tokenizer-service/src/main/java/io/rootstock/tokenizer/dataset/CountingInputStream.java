package io.rootstock.tokenizer.dataset;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Tells how far a file has been read, once a mebibyte. */
final class CountingInputStream extends FilterInputStream {
    private static final long STEP = 1 << 20;

    private final LongConsumer listener;
    private long count;
    private long told;

    CountingInputStream(InputStream input, LongConsumer listener) {
        super(input);
        this.listener = listener;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int bytes) {
        count += bytes;
        if (count - told >= STEP) {
            told = count;
            listener.accept(count);
        }
    }
}
