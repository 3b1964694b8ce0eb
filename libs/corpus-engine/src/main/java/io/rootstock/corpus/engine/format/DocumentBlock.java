package io.rootstock.corpus.engine.format;

import io.rootstock.corpus.Document;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Documents of a block as bytes. */
final class DocumentBlock {
    private static final int FIELDS = 4;
    private static final int KEPT_CAPACITY = 1 << 22;

    private byte[] bytes = new byte[1 << 16];
    private int length;
    private int documents;

    void add(Document document) {
        add(document.location().getBytes(StandardCharsets.UTF_8));
        add(document.url().getBytes(StandardCharsets.UTF_8));
        add(document.licence().getBytes(StandardCharsets.UTF_8));
        add(document.text().utf8());
        documents++;
    }

    private void add(byte[] field) {
        int needed = length + Integer.BYTES + field.length;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
        }
        ByteBuffer.wrap(bytes, length, Integer.BYTES).putInt(field.length);
        System.arraycopy(field, 0, bytes, length + Integer.BYTES, field.length);
        length = needed;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    int documents() {
        return documents;
    }

    /** Empties the block; frees the memory of a large document. */
    void clear() {
        length = 0;
        documents = 0;
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[1 << 16];
        }
    }

    /** Smallest size of a document in a block. */
    static int leastDocumentBytes() {
        return FIELDS * Integer.BYTES;
    }
}
