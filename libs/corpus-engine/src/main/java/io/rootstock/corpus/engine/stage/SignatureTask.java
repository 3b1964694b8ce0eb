package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.MinHash;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.UnitTask;
import io.rootstock.corpus.engine.WorkUnit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Stores the signatures of a unit's documents one after the other, 8 bytes a lane. The signature of a removed document, or
 * of one without words, is {@link #NONE} in all lanes.
 */
final class SignatureTask implements UnitTask {
    /** Lane of a missing signature. */
    static final long NONE = Long.MAX_VALUE;

    private final UnitDocuments documents;
    private final NearParameters parameters;

    SignatureTask(TaskSpec spec) {
        documents = UnitDocuments.of(spec);
        parameters = NearParameters.of(spec);
    }

    @Override
    public String run(WorkUnit unit, TaskContext context) throws IOException {
        MinHash minHash = new MinHash(parameters.minHash());
        long[] lanes = new long[parameters.minHash().lanes()];
        ByteBuffer bytes = ByteBuffer.allocate(lanes.length * Long.BYTES);
        context.write(
                Layout.lanes(unit.index()),
                stream -> documents.forEach(unit.index(), context, (position, document, removedBy) -> {
                    if (removedBy != ExactStages.STAYS || !minHash.sign(document.text(), lanes)) {
                        Arrays.fill(lanes, NONE);
                    }
                    bytes.clear().asLongBuffer().put(lanes);
                    stream.write(bytes.array());
                }));
        return "{}";
    }
}
