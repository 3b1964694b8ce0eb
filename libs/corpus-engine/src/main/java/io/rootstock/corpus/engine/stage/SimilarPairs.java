package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.duplicate.MinHash;
import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.Task.CollectTask;
import io.rootstock.corpus.engine.Task.EmitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.ArrayFile;
import io.rootstock.corpus.engine.format.ByteBuilder;
import io.rootstock.corpus.engine.stage.Signatures.SignatureTask;
import io.rootstock.corpus.engine.table.BandTable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;

/** Tasks of the exchange that finds pairs of similar documents by equal band hashes. */
final class SimilarPairs {
    private SimilarPairs() {}

    /**
     * Emits for each band of each document that is left its hash (8 bytes) and the document's number in the whole stage (4), by
     * bucket of the hash, in the order of documents: 12 bytes a band, 240 a document with 20 bands. In front of each array is
     * the number of the unit's first document (8).
     */
    static final class Emit implements EmitTask {
        /** Bytes of an entry. */
        static final int ENTRY = Long.BYTES + Integer.BYTES;

        private static final int BUFFER = 1 << 16;

        private final UnitDocuments documents;
        private final NearParameters parameters;

        Emit(TaskSpec spec) {
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

    /**
     * Writes pairs of documents with an equal band hash: each document with the first document that has the hash. Documents
     * arrive in order, so that pairs do not depend on buckets.
     *
     * <p>With verification a document is paired with the first of up to {@value #MAX_REPRESENTATIVES} representatives of the
     * hash whose signature has enough lanes in common; without one it becomes a representative. Memory: 20 bytes an entry of
     * the bucket and its slots (4 to 8): with 20 bands 480 to 570 bytes a document, divided by buckets.
     */
    static final class Collect implements CollectTask {
        private static final int MAX_REPRESENTATIVES = 32;

        private final NearParameters parameters;

        Collect(TaskSpec spec) {
            parameters = NearParameters.of(spec);
        }

        @Override
        public String collect(BucketInput bucket, TaskContext context) throws IOException {
            long[] pairs = new long[1];
            context.write(Layout.bucket(Layout.PAIRS, bucket.bucket()), stream -> {
                PairWriter writer = new PairWriter(new ArrayFile.Writer(stream));
                try (Signatures signatures = new Signatures(parameters.minHash().lanes(), context)) {
                    new Search(new BandTable(bucket.bytes() / Emit.ENTRY), signatures, writer).run(bucket, context);
                }
                pairs[0] = writer.finish();
            });
            return "{\"pairs\":" + pairs[0] + "}";
        }

        /** Finds the pairs of one bucket. */
        private final class Search {
            private final BandTable table;
            private final Signatures signatures;
            private final PairWriter writer;

            Search(BandTable table, Signatures signatures, PairWriter writer) {
                this.table = table;
                this.signatures = signatures;
                this.writer = writer;
            }

            void run(BucketInput bucket, TaskContext context) throws IOException {
                for (int unit = 0; unit < bucket.units(); unit++) {
                    ByteBuffer entries = ByteBuffer.wrap(bucket.array(unit));
                    signatures.addUnit(entries.getLong());
                    while (entries.hasRemaining()) {
                        context.checkCancelled();
                        add(entries.getLong(), entries.getInt());
                    }
                }
            }

            private void add(long hash, int document) throws IOException {
                int representative = table.first(hash);
                for (int tries = 0; representative != BandTable.NONE; tries++) {
                    int other = table.document(representative);
                    if (other == document || tries == MAX_REPRESENTATIVES) {
                        return;
                    }
                    if (!parameters.verifies()
                            || signatures.similarity(other, document) >= parameters.leastSimilarity()) {
                        writer.add(other, document);
                        return;
                    }
                    representative = table.next(representative);
                }
                table.add(hash, document);
            }
        }

        /** Writes pairs of document numbers, 8 bytes each, in arrays of 64 Ki pairs. */
        private static final class PairWriter {
            private static final int PAIRS = 1 << 16;

            private final ArrayFile.Writer writer;
            private final ByteBuffer pairs = ByteBuffer.allocate(PAIRS * 2 * Integer.BYTES);
            private long count;

            PairWriter(ArrayFile.Writer writer) {
                this.writer = writer;
            }

            void add(int first, int second) throws IOException {
                pairs.putInt(first).putInt(second);
                count++;
                if (!pairs.hasRemaining()) {
                    flush();
                }
            }

            /** Ends the file and returns the number of pairs. */
            long finish() throws IOException {
                flush();
                writer.finish();
                return count;
            }

            private void flush() throws IOException {
                writer.add(pairs.array(), pairs.position());
                pairs.clear();
            }
        }
    }
}
