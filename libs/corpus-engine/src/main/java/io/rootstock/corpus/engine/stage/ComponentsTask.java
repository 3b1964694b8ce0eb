package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.UnionFind;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.UnitTask;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.ArrayFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Joins the pairs of all buckets to components and writes the root of each document: the least number of its component.
 * Runs once, for one unit that stands for all. Memory: 4 bytes a document and one array of pairs.
 */
final class ComponentsTask implements UnitTask {
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
