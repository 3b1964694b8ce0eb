package io.rootstock.corpus.reader;

import io.rootstock.corpus.source.CorruptCompressionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Decompressed bytes; reports damage of the compression with the offset at which it was met. */
final class PlainInput extends FilterInputStream {
    private final DocumentSink sink;
    private long offset;

    PlainInput(InputStream input, DocumentSink sink) {
        super(input);
        this.sink = sink;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        try {
            int read = super.read(buffer, from, length);
            offset += Math.max(0, read);
            return read;
        } catch (CorruptCompressionException e) {
            throw new UnreadableRestException(sink.at(offset), e.getMessage());
        }
    }

    @Override
    public void close() {
        // The unit's input is closed by its owner, which reads the rest of the file for the digest before.
    }
}
