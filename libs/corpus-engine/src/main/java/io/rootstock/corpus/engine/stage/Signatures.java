package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.MinHash;
import io.rootstock.corpus.engine.Task.UnitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Signatures of documents of all units, read one by one from the files of {@link SignatureTask}. */
final class Signatures implements Closeable {
    private static final int MAX_OPEN = 64;

    private final TaskContext context;
    private final long[] first;
    private final long[] second;
    private final ByteBuffer bytes;
    private final Map<Integer, FileChannel> open = new LinkedHashMap<>(16, 0.75f, true);
    private long[] firstDocuments = new long[16];
    private int units;

    Signatures(int lanes, TaskContext context) {
        this.context = context;
        this.first = new long[lanes];
        this.second = new long[lanes];
        this.bytes = ByteBuffer.allocate(lanes * Long.BYTES);
    }

    /** Adds the next unit in order, with the number of its first document. */
    void addUnit(long firstDocument) {
        if (units == firstDocuments.length) {
            firstDocuments = Arrays.copyOf(firstDocuments, 2 * units);
        }
        firstDocuments[units++] = firstDocument;
    }

    /** Returns the share of equal lanes of two documents of the units so far. */
    double similarity(int left, int right) throws IOException {
        read(left, first);
        read(right, second);
        return MinHash.similarity(first, second);
    }

    private void read(int document, long[] lanes) throws IOException {
        int unit = unitOf(document);
        FileChannel channel = channel(unit);
        long position = (document - firstDocuments[unit]) * bytes.capacity();
        bytes.clear();
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException("signature of document " + document + " is missing in " + Layout.lanes(unit)
                        + "; run the job again, which writes it again");
            }
        }
        bytes.flip().asLongBuffer().get(lanes);
    }

    /** The last unit whose first document is not behind this one; units without documents are before it. */
    private int unitOf(int document) {
        int low = 0;
        int high = units - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (firstDocuments[middle] <= document) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private FileChannel channel(int unit) throws IOException {
        FileChannel known = open.get(unit);
        if (known != null) {
            return known;
        }
        if (open.size() == MAX_OPEN) {
            Map.Entry<Integer, FileChannel> oldest = open.entrySet().iterator().next();
            oldest.getValue().close();
            open.remove(oldest.getKey());
        }
        Path file = context.file(Layout.lanes(unit));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        open.put(unit, channel);
        return channel;
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : open.values()) {
            channel.close();
        }
    }

    /**
     * Stores the signatures of a unit's documents one after the other, 8 bytes a lane. The signature of a removed document, or
     * of one without words, is {@link #NONE} in all lanes.
     */
    static final class SignatureTask implements UnitTask {
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
}
