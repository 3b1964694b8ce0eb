package io.rootstock.corpus.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Input stream that reports the number of bytes read so far, about every {@code step} bytes. */
public final class CountedInput extends FilterInputStream {
    private final long step;
    private final LongConsumer listener;
    private long count;
    private long told;

    public CountedInput(InputStream input, long step, LongConsumer listener) {
        super(input);
        this.step = step;
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
        if (count - told >= step) {
            told = count;
            listener.accept(count);
        }
    }
}
