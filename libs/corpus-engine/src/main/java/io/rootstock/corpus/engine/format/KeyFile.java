package io.rootstock.corpus.engine.format;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.duplicate.ExactKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;

/** Exact keys of a unit's documents, as {@link Writer} wrote them. */
public final class KeyFile {
    private static final int LONGS = 4;

    private final LongBuffer keys;

    private KeyFile(LongBuffer keys) {
        this.keys = keys;
    }

    /** Kinds of keys. */
    public enum Kind {
        /** Key of the normalised address. */
        URL,
        /** Key of the text. */
        CONTENT
    }

    /** Reads a file. */
    public static KeyFile read(Path path) throws IOException {
        return new KeyFile(ByteBuffer.wrap(new ArrayFile(path).read(0)).asLongBuffer());
    }

    /** Number of documents. */
    public int documents() {
        return keys.limit() / LONGS;
    }

    /** Whether a document has a key of this kind. */
    public boolean has(int document, Kind kind) {
        return (high(document, kind) | low(document, kind)) != 0;
    }

    /** First half of a key. */
    public long high(int document, Kind kind) {
        return keys.get(index(document, kind));
    }

    /** Second half of a key. */
    public long low(int document, Kind kind) {
        return keys.get(index(document, kind) + 1);
    }

    private static int index(int document, Kind kind) {
        return document * LONGS
                + switch (kind) {
                    case URL -> 0;
                    case CONTENT -> 2;
                };
    }

    /**
     * Writes the exact keys of a unit's documents: one array of an {@link ArrayFile}, with 32 bytes for each document: key of
     * its address (zeros if it has none), then key of its text. Memory: 32 bytes a document.
     */
    public static final class Writer {
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
            ArrayFile.Writer.write(stream, bytes.toArray());
        }
    }
}
