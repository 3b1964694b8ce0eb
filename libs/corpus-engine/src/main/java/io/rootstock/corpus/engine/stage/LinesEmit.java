package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.engine.EmitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.ByteBuilder;
import io.rootstock.corpus.engine.table.UnitLines;
import java.io.IOException;

/** Emits for each different line of a unit its key (16 bytes) and the number of documents that have it (4). */
final class LinesEmit implements EmitTask {
    /** Bytes of an entry. */
    static final int ENTRY = ExactKey.BYTES + Integer.BYTES;

    private final UnitDocuments documents;

    LinesEmit(TaskSpec spec) {
        documents = UnitDocuments.of(spec);
    }

    @Override
    public byte[][] emit(WorkUnit unit, int buckets, TaskContext context) throws IOException {
        UnitLines lines = read(documents, unit, context);
        ByteBuilder[] arrays = ByteBuilder.create(buckets);
        for (int number = 0; number < lines.size(); number++) {
            arrays[ExactKey.bucket(lines.high(number), buckets)]
                    .putLong(lines.high(number))
                    .putLong(lines.low(number))
                    .putInt(lines.documents(number));
        }
        return ByteBuilder.toArrays(arrays);
    }

    static UnitLines read(UnitDocuments documents, WorkUnit unit, TaskContext context) throws IOException {
        UnitLines lines = new UnitLines();
        documents.forEach(unit.index(), context, (position, document, removedBy) -> {
            if (removedBy == ExactStages.STAYS) {
                lines.add(document);
            }
        });
        return lines;
    }
}
