package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.UnionFind;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.format.ArrayFile;
import io.rootstock.corpus.engine.format.ArrayFileWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Roots of documents in a file: arrays of 64 Ki numbers. Reads them in ascending order of documents. */
final class Roots {
    private static final int CHUNK = 1 << 16;

    private final ArrayFile file;
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private int loaded = -1;

    Roots(TaskContext context) {
        file = new ArrayFile(context.file(Layout.roots()));
    }

    static void write(UnionFind components, OutputStream stream) throws IOException {
        ArrayFileWriter writer = new ArrayFileWriter(stream);
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Integer.BYTES);
        for (int from = 0; from < components.size(); from += CHUNK) {
            bytes.clear();
            int end = (int) Math.min(components.size(), (long) from + CHUNK);
            for (int document = from; document < end; document++) {
                bytes.putInt(components.find(document));
            }
            writer.add(bytes.array(), bytes.position());
        }
        writer.finish();
    }

    /** Returns the least number of a document's component. */
    int root(int document) throws IOException {
        if (document / CHUNK != loaded) {
            loaded = document / CHUNK;
            chunk = ByteBuffer.wrap(file.read(loaded));
        }
        return chunk.getInt(document % CHUNK * Integer.BYTES);
    }
}
