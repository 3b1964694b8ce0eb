package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.Task.CollectTask;
import io.rootstock.corpus.engine.Task.EmitTask;
import io.rootstock.corpus.engine.Task.UnitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.count.StepCounter;
import io.rootstock.corpus.engine.format.ArrayFile;
import io.rootstock.corpus.engine.format.ByteBuilder;
import io.rootstock.corpus.engine.table.KeyTable;
import io.rootstock.corpus.engine.table.UnitLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;

/** Tasks that find the lines of many documents, and write the documents without them. */
final class RepeatedLineTasks {
    private RepeatedLineTasks() {}

    /** Emits for each different line of a unit its key (16 bytes) and the number of documents that have it (4). */
    static final class Emit implements EmitTask {
        /** Bytes of an entry. */
        static final int ENTRY = ExactKey.BYTES + Integer.BYTES;

        private final UnitDocuments documents;

        Emit(TaskSpec spec) {
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

    /**
     * Replies a bit for each line: whether more than a number of documents of all units have it. Memory: 32 to 56 bytes for
     * each different line of the bucket.
     */
    static final class Collect implements CollectTask {
        private final int mostDocuments;

        Collect(TaskSpec spec) {
            mostDocuments = Integer.parseInt(spec.parameter(Layout.MAX_DOCUMENTS));
        }

        @Override
        public String collect(BucketInput bucket, TaskContext context) throws IOException {
            KeyTable table = new KeyTable();
            long[] counts = count(bucket, table, context);
            context.write(Layout.bucket(Layout.LINES, bucket.bucket()), stream -> {
                ArrayFile.Writer writer = new ArrayFile.Writer(stream);
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
            int count = entries.remaining() / Emit.ENTRY;
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

    /** Writes the documents that exact stages left, without repeated lines; removes a document without any other line. */
    static final class Strip implements UnitTask {
        private static final String NO_LINES = "no lines left";
        private static final String REMOVED_LINES = "repeated line removed";

        private final UnitDocuments documents;

        Strip(TaskSpec spec) {
            documents = UnitDocuments.of(spec);
        }

        @Override
        public String run(WorkUnit unit, TaskContext context) throws IOException {
            UnitLines lines = Emit.read(documents, unit, context);
            BitSet removed = removed(unit, lines, context);
            StepCounter counter = new StepCounter(Layout.LINES);
            return new SurvivorFile(documents, counter).write(Layout.STRIP, unit, context, (position, document) -> {
                UnitLines.StrippedText stripped = lines.strip(document, removed);
                if (stripped.removed() == 0) {
                    counter.kept(document);
                    return document;
                }
                if (!stripped.hasText()) {
                    counter.removed(document, NO_LINES);
                    return null;
                }
                Document changed = document.withText(stripped.text());
                counter.kept(document, changed, Map.of(REMOVED_LINES, stripped.removed()));
                return changed;
            });
        }

        private BitSet removed(WorkUnit unit, UnitLines lines, TaskContext context) throws IOException {
            int buckets = documents.exact().buckets();
            Replies replies = Replies.read(Layout.LINES, buckets, unit.index(), context);
            BitSet removed = new BitSet(lines.size());
            for (int number = 0; number < lines.size(); number++) {
                removed.set(number, replies.next(ExactKey.bucket(lines.high(number), buckets)));
            }
            return removed;
        }
    }
}
