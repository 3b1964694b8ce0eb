package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.CollectTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.format.ArrayFileWriter;
import io.rootstock.corpus.engine.table.BandTable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes pairs of documents with an equal band hash: each document with the first document that has the hash. Documents
 * arrive in order, so that pairs do not depend on buckets.
 *
 * <p>With verification a document is paired with the first of up to {@value #MAX_REPRESENTATIVES} representatives of the
 * hash whose signature has enough lanes in common; without one it becomes a representative. Memory: 20 bytes an entry of
 * the bucket and its slots (4 to 8): with 20 bands 480 to 570 bytes a document, divided by buckets.
 */
final class BandsCollect implements CollectTask {
    private static final int MAX_REPRESENTATIVES = 32;

    private final NearParameters parameters;

    BandsCollect(TaskSpec spec) {
        parameters = NearParameters.of(spec);
    }

    @Override
    public String collect(BucketInput bucket, TaskContext context) throws IOException {
        long[] pairs = new long[1];
        context.write(Layout.bucket(Layout.PAIRS, bucket.bucket()), stream -> {
            PairWriter writer = new PairWriter(new ArrayFileWriter(stream));
            try (Signatures signatures = new Signatures(parameters.minHash().lanes(), context)) {
                new Search(new BandTable(bucket.bytes() / BandsEmit.ENTRY), signatures, writer).run(bucket, context);
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
                if (!parameters.verifies() || signatures.similarity(other, document) >= parameters.leastSimilarity()) {
                    writer.add(other, document);
                    return;
                }
                representative = table.next(representative);
            }
            table.add(hash, document);
        }
    }
}
