package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.duplicate.MinHash;
import io.rootstock.corpus.engine.EmitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.ByteBuilder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;

/**
 * Emits for each band of each document that is left its hash (8 bytes) and the document's number in the whole stage (4), by
 * bucket of the hash, in the order of documents: 12 bytes a band, 240 a document with 20 bands. In front of each array is
 * the number of the unit's first document (8).
 */
final class BandsEmit implements EmitTask {
    /** Bytes of an entry. */
    static final int ENTRY = Long.BYTES + Integer.BYTES;

    private static final int BUFFER = 1 << 16;

    private final UnitDocuments documents;
    private final NearParameters parameters;

    BandsEmit(TaskSpec spec) {
        documents = UnitDocuments.of(spec);
        parameters = NearParameters.of(spec);
    }

    @Override
    public byte[][] emit(WorkUnit unit, int buckets, TaskContext context) throws IOException {
        ByteBuilder[] arrays = ByteBuilder.create(buckets);
        for (ByteBuilder array : arrays) {
            array.putLong(unit.firstDocument());
        }
        Bands bands = new Bands(unit, arrays);
        if (parameters.verifies()) {
            readSignatures(unit, context, bands);
        } else {
            documents.forEach(unit.index(), context, (position, document, removedBy) -> {
                if (removedBy == ExactStages.STAYS && bands.minHash.sign(document.text(), bands.lanes)) {
                    bands.add(position);
                }
            });
        }
        return ByteBuilder.toArrays(bands.arrays);
    }

    private void readSignatures(WorkUnit unit, TaskContext context, Bands bands) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(bands.lanes.length * Long.BYTES);
        try (InputStream stream =
                new BufferedInputStream(Files.newInputStream(context.file(Layout.lanes(unit.index()))), BUFFER)) {
            for (int position = 0;
                    stream.readNBytes(bytes.array(), 0, bytes.capacity()) == bytes.capacity();
                    position++) {
                context.checkCancelled();
                bytes.clear().asLongBuffer().get(bands.lanes);
                if (bands.lanes[0] != SignatureTask.NONE) {
                    bands.add(position);
                }
            }
        }
    }

    /** Band hashes of a unit. */
    private final class Bands {
        private final MinHash minHash = new MinHash(parameters.minHash());
        private final long[] lanes = new long[parameters.minHash().lanes()];
        private final long[] hashes = new long[parameters.minHash().bands()];
        private final WorkUnit unit;
        private final ByteBuilder[] arrays;

        Bands(WorkUnit unit, ByteBuilder[] arrays) {
            this.unit = unit;
            this.arrays = arrays;
        }

        void add(int position) {
            int document = Math.toIntExact(unit.firstDocument() + position);
            minHash.bands(lanes, hashes);
            for (long hash : hashes) {
                arrays[ExactKey.bucket(hash, arrays.length)].putLong(hash).putInt(document);
            }
        }
    }
}
