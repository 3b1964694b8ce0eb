package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.Task.CollectTask;
import io.rootstock.corpus.engine.Task.EmitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.ArrayFile;
import io.rootstock.corpus.engine.format.ByteBuilder;
import io.rootstock.corpus.engine.format.KeyFile;
import io.rootstock.corpus.engine.format.KeyFile.Kind;
import io.rootstock.corpus.engine.table.KeyTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The exact stages that ran before a task, and their results.
 *
 * @param stages names of the stages, in order
 * @param buckets number of buckets of their exchanges
 */
record ExactStages(List<String> stages, int buckets) {
    /** Mark of a document that stays. */
    static final byte STAYS = -1;

    static ExactStages of(TaskSpec spec) {
        String names = spec.parameter(Layout.EXACT);
        return new ExactStages(
                Stream.of(names.split(",")).filter(name -> !name.isEmpty()).toList(),
                Integer.parseInt(spec.parameter(Layout.BUCKETS)));
    }

    static Kind kind(String stage) {
        return switch (stage) {
            case Layout.URLS -> Kind.URL;
            case Layout.CONTENTS -> Kind.CONTENT;
            default -> throw new IllegalArgumentException("unknown exact stage " + stage);
        };
    }

    /**
     * Returns for each document of a unit the index of the stage that removes it, or {@link #STAYS}. A stage's result has a
     * bit for each document that was left before it and has a key, by bucket, in order.
     */
    byte[] removals(int unit, KeyFile keys, TaskContext context) throws IOException {
        byte[] removedBy = new byte[keys.documents()];
        Arrays.fill(removedBy, STAYS);
        for (int stage = 0; stage < stages.size(); stage++) {
            Kind kind = kind(stages.get(stage));
            Replies replies = Replies.read(stages.get(stage), buckets, unit, context);
            for (int document = 0; document < removedBy.length; document++) {
                if (removedBy[document] == STAYS
                        && keys.has(document, kind)
                        && replies.next(ExactKey.bucket(keys.high(document, kind), buckets))) {
                    removedBy[document] = (byte) stage;
                }
            }
        }
        return removedBy;
    }

    /** Emits the keys of one kind of the documents that stages before have left, 16 bytes each, in the order of documents. */
    static final class Emit implements EmitTask {
        private final ExactStages before;
        private final Kind kind;

        Emit(TaskSpec spec) {
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

    /**
     * Replies a bit for each key: whether an earlier document, in the order of units and documents, has it. Memory: 24 to 40
     * bytes for each different key of the bucket.
     */
    static final class Collect implements CollectTask {
        private final String stage;

        Collect(TaskSpec spec) {
            stage = spec.parameter(Layout.KIND);
        }

        @Override
        public String collect(BucketInput bucket, TaskContext context) throws IOException {
            KeyTable table = new KeyTable();
            context.write(Layout.bucket(stage, bucket.bucket()), stream -> {
                ArrayFile.Writer writer = new ArrayFile.Writer(stream);
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
}
