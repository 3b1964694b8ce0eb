package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.CollectTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.format.ArrayFileWriter;
import io.rootstock.corpus.engine.table.KeyTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Replies a bit for each line: whether more than a number of documents of all units have it. Memory: 32 to 56 bytes for
 * each different line of the bucket.
 */
final class LinesCollect implements CollectTask {
    private final int mostDocuments;

    LinesCollect(TaskSpec spec) {
        mostDocuments = Integer.parseInt(spec.parameter(Layout.MAX_DOCUMENTS));
    }

    @Override
    public String collect(BucketInput bucket, TaskContext context) throws IOException {
        KeyTable table = new KeyTable();
        long[] counts = count(bucket, table, context);
        context.write(Layout.bucket(Layout.LINES, bucket.bucket()), stream -> {
            ArrayFileWriter writer = new ArrayFileWriter(stream);
            for (int unit = 0; unit < bucket.units(); unit++) {
                context.checkCancelled();
                byte[] reply = reply(ByteBuffer.wrap(bucket.array(unit)), table, counts);
                writer.add(reply, reply.length);
            }
            writer.finish();
        });
        long repeated = Arrays.stream(counts, 0, table.size())
                .filter(count -> count > mostDocuments)
                .count();
        return "{\"lines\":" + table.size() + ",\"repeated\":" + repeated + "}";
    }

    private static long[] count(BucketInput bucket, KeyTable table, TaskContext context) throws IOException {
        long[] counts = new long[64];
        for (int unit = 0; unit < bucket.units(); unit++) {
            context.checkCancelled();
            ByteBuffer entries = ByteBuffer.wrap(bucket.array(unit));
            while (entries.hasRemaining()) {
                int number = table.add(entries.getLong(), entries.getLong());
                if (number >= counts.length) {
                    counts = Arrays.copyOf(counts, 2 * number);
                }
                counts[number] += entries.getInt();
            }
        }
        return counts;
    }

    private byte[] reply(ByteBuffer entries, KeyTable table, long[] counts) {
        int count = entries.remaining() / LinesEmit.ENTRY;
        byte[] bits = Replies.bits(count);
        for (int i = 0; i < count; i++) {
            int number = table.add(entries.getLong(), entries.getLong());
            entries.position(entries.position() + Integer.BYTES);
            if (counts[number] > mostDocuments) {
                Replies.set(bits, i);
            }
        }
        return bits;
    }
}
