package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.UnionFind;
import io.rootstock.corpus.engine.Task.UnitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.ArrayFile;
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
        ArrayFile.Writer writer = new ArrayFile.Writer(stream);
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

    /**
     * Joins the pairs of all buckets to components and writes the root of each document: the least number of its component.
     * Runs once, for one unit that stands for all. Memory: 4 bytes a document and one array of pairs.
     */
    static final class ComponentsTask implements UnitTask {
        private final int buckets;
        private final int documents;

        ComponentsTask(TaskSpec spec) {
            buckets = Integer.parseInt(spec.parameter(Layout.BUCKETS));
            documents = Integer.parseInt(spec.parameter(Layout.TOTAL));
        }

        @Override
        public String run(WorkUnit unit, TaskContext context) throws IOException {
            UnionFind components = new UnionFind(documents);
            for (int bucket = 0; bucket < buckets; bucket++) {
                ArrayFile pairs = new ArrayFile(context.file(Layout.bucket(Layout.PAIRS, bucket)));
                int count = pairs.count();
                for (int i = 0; i < count; i++) {
                    context.checkCancelled();
                    ByteBuffer array = ByteBuffer.wrap(pairs.read(i));
                    while (array.hasRemaining()) {
                        components.union(array.getInt(), array.getInt());
                    }
                }
            }
            context.write(Layout.roots(), stream -> Roots.write(components, stream));
            return "{\"documents\":" + documents + "}";
        }
    }
}
