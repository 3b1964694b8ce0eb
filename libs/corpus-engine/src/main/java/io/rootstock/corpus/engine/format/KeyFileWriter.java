package io.rootstock.corpus.engine.format;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.duplicate.ExactKeys;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes the exact keys of a unit's documents: one array of an {@link ArrayFile}, with 32 bytes for each document: key of
 * its address (zeros if it has none), then key of its text. Memory: 32 bytes a document.
 */
public final class KeyFileWriter {
    private static final ExactKey NONE = new ExactKey(0, 0);

    private final ExactKeys hash = new ExactKeys();
    private final ByteBuilder bytes = new ByteBuilder(1 << 12);

    /** Adds a document. */
    public void add(Document document) {
        put(hash.url(document.url()).orElse(NONE));
        put(hash.content(document.text()));
    }

    private void put(ExactKey key) {
        bytes.putLong(key.high()).putLong(key.low());
    }

    /** Writes the file. */
    public void writeTo(OutputStream stream) throws IOException {
        ArrayFileWriter.write(stream, bytes.toArray());
    }
}
