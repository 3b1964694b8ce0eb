package io.rootstock.tokenizer.grpc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Tells how many bytes have been read, at every read. */
final class CountedInput extends FilterInputStream {
    private final LongConsumer listener;
    private long count;

    CountedInput(InputStream input, LongConsumer listener) {
        super(input);
        this.listener = listener;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        tell(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        tell(Math.max(0, read));
        return read;
    }

    private void tell(int bytes) {
        count += bytes;
        listener.accept(count);
    }
}
