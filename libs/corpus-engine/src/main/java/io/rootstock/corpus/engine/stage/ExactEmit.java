package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.engine.EmitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.ByteBuilder;
import io.rootstock.corpus.engine.format.KeyFile;
import io.rootstock.corpus.engine.format.KeyFile.Kind;
import java.io.IOException;

/** Emits the keys of one kind of the documents that stages before have left, 16 bytes each, in the order of documents. */
final class ExactEmit implements EmitTask {
    private final ExactStages before;
    private final Kind kind;

    ExactEmit(TaskSpec spec) {
        before = ExactStages.of(spec);
        kind = ExactStages.kind(spec.parameter(Layout.KIND));
    }

    @Override
    public byte[][] emit(WorkUnit unit, int buckets, TaskContext context) throws IOException {
        KeyFile keys = KeyFile.read(context.file(Layout.keys(unit.index())));
        byte[] removedBy = before.removals(unit.index(), keys, context);
        ByteBuilder[] arrays = ByteBuilder.create(buckets);
        for (int document = 0; document < removedBy.length; document++) {
            if (removedBy[document] == ExactStages.STAYS && keys.has(document, kind)) {
                long high = keys.high(document, kind);
                arrays[ExactKey.bucket(high, buckets)].putLong(high).putLong(keys.low(document, kind));
            }
        }
        return ByteBuilder.toArrays(arrays);
    }
}
