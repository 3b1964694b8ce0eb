package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.CollectTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.format.ArrayFileWriter;
import io.rootstock.corpus.engine.table.KeyTable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Replies a bit for each key: whether an earlier document, in the order of units and documents, has it. Memory: 24 to 40
 * bytes for each different key of the bucket.
 */
final class ExactCollect implements CollectTask {
    private final String stage;

    ExactCollect(TaskSpec spec) {
        stage = spec.parameter(Layout.KIND);
    }

    @Override
    public String collect(BucketInput bucket, TaskContext context) throws IOException {
        KeyTable table = new KeyTable();
        context.write(Layout.bucket(stage, bucket.bucket()), stream -> {
            ArrayFileWriter writer = new ArrayFileWriter(stream);
            for (int unit = 0; unit < bucket.units(); unit++) {
                context.checkCancelled();
                byte[] reply = reply(ByteBuffer.wrap(bucket.array(unit)), table);
                writer.add(reply, reply.length);
            }
            writer.finish();
        });
        return "{\"keys\":" + table.size() + "}";
    }

    private static byte[] reply(ByteBuffer keys, KeyTable table) {
        int entries = keys.remaining() / ExactKey.BYTES;
        byte[] bits = Replies.bits(entries);
        for (int i = 0; i < entries; i++) {
            int known = table.size();
            if (table.add(keys.getLong(), keys.getLong()) < known) {
                Replies.set(bits, i);
            }
        }
        return bits;
    }
}
