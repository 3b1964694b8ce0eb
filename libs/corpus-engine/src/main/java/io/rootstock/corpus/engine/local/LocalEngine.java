package io.rootstock.corpus.engine.local;

import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.DataEngine;
import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.Progress;
import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Sha256;
import io.rootstock.corpus.engine.Stage;
import io.rootstock.corpus.engine.TaskExecution;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.ArrayFile;
import io.rootstock.files.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Runs stages on threads of this process. All state is in the work directory: a process that was killed at any moment is
 * followed by another one with the same directory, which resumes. One engine at a time uses a directory.
 *
 * <p>Memory: the arrays of one unit for each thread while units emit, one bucket for each thread while buckets collect.
 * Emitted arrays are in files of the directory {@code spill} until their exchange is done.
 */
public final class LocalEngine implements DataEngine, Closeable {
    private final WorkDirectory directory;
    private final int threads;

    /**
     * Opens a work directory; creates it if it does not exist, and deletes temporary files of a killed process.
     *
     * @param threads number of tasks that run at a time, at least 1
     * @throws IOException if the directory is in use or cannot be written
     */
    public LocalEngine(Path workspace, int threads) throws IOException {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; use at least 1");
        }
        this.threads = threads;
        this.directory = WorkDirectory.open(workspace);
    }

    /** The work directory. */
    public Path workspace() {
        return directory.path();
    }

    @Override
    public List<Receipt> each(Stage stage, List<WorkUnit> units, JobControl control) throws IOException {
        WorkUnit.requireOrder(units);
        Receipt[] receipts = new Receipt[units.size()];
        long[] sizes = units.stream().mapToLong(WorkUnit::bytes).toArray();
        new ParallelTasks(workspace(), stage.name(), threads, control)
                .run(
                        sizes,
                        index -> units.get(index).name(),
                        (index, cancelled) ->
                                receipts[index] = TaskExecution.unit(workspace(), stage, units.get(index), cancelled));
        return List.of(receipts);
    }

    @Override
    public List<Receipt> exchange(Exchange exchange, List<WorkUnit> units, JobControl control) throws IOException {
        WorkUnit.requireOrder(units);
        String unitsDigest = TaskExecution.digest(units);
        Receipt[] receipts = new Receipt[exchange.buckets()];
        for (int bucket = 0; bucket < receipts.length; bucket++) {
            Optional<Receipt> found = TaskExecution.findCollected(workspace(), exchange, bucket, unitsDigest);
            receipts[bucket] = found.orElse(null);
        }
        int[] missing = missing(receipts);
        if (missing.length > 0) {
            emit(exchange, units, control);
            collect(exchange, units.size(), unitsDigest, missing, receipts, control);
        } else {
            control.progress().accept(new Progress(exchange.name(), receipts.length, receipts.length, 0, 0));
        }
        deleteEmitted(workspace(), exchange);
        return List.of(receipts);
    }

    /** Deletes the emitted arrays of an exchange that is done, also those of a process that was killed. */
    public static void deleteEmitted(Path workspace, Exchange exchange) {
        FileTree.delete(workspace.resolve(SpilledBucket.directory(exchange)));
        TaskExecution.deleteReceipts(workspace, exchange.emitStage());
    }

    private void emit(Exchange exchange, List<WorkUnit> units, JobControl control) throws IOException {
        long[] sizes = units.stream().mapToLong(WorkUnit::bytes).toArray();
        new ParallelTasks(workspace(), exchange.emitStage().name(), threads, control)
                .run(
                        sizes,
                        index -> units.get(index).name(),
                        (index, cancelled) -> SpilledBucket.write(workspace(), exchange, units.get(index), cancelled));
    }

    private void collect(
            Exchange exchange, int units, String unitsDigest, int[] missing, Receipt[] receipts, JobControl control)
            throws IOException {
        SpilledBucket[] inputs = new SpilledBucket[missing.length];
        long[] sizes = new long[missing.length];
        for (int i = 0; i < sizes.length; i++) {
            inputs[i] = new SpilledBucket(workspace(), exchange, missing[i], units);
            sizes[i] = inputs[i].bytes();
        }
        new ParallelTasks(workspace(), exchange.name(), threads, control)
                .run(
                        sizes,
                        index -> TaskExecution.bucketName(exchange, missing[index]),
                        (index, cancelled) -> receipts[missing[index]] =
                                TaskExecution.collect(workspace(), exchange, inputs[index], unitsDigest, cancelled));
    }

    private static int[] missing(Receipt[] receipts) {
        int[] missing = new int[receipts.length];
        int count = 0;
        for (int bucket = 0; bucket < receipts.length; bucket++) {
            if (receipts[bucket] == null) {
                missing[count++] = bucket;
            }
        }
        return Arrays.copyOf(missing, count);
    }

    /** Releases the work directory. */
    @Override
    public void close() throws IOException {
        directory.close();
    }

    /**
     * The arrays of all units for one bucket. Each unit has one file with its arrays of all buckets, so that nothing is in
     * memory but the array that is being read.
     */
    private record SpilledBucket(Path workspace, Exchange exchange, int bucket, int units) implements BucketInput {
        /** Directory of an exchange's files in the workspace. */
        static String directory(Exchange exchange) {
            return "spill/" + exchange.name();
        }

        /** Runs the emitting task of a unit and writes its file, if it is not there. */
        static void write(Path workspace, Exchange exchange, WorkUnit unit, BooleanSupplier cancelled)
                throws IOException {
            String digest =
                    new Sha256().add(unit.digest()).add(exchange.buckets()).digest();
            TaskExecution.run(
                    workspace,
                    exchange.emitStage(),
                    unit.withDigest(digest),
                    (keyed, context) -> {
                        byte[][] arrays = TaskExecution.emit(workspace, exchange, unit, cancelled);
                        context.write(path(exchange, unit.index()), stream -> ArrayFile.Writer.write(stream, arrays));
                        return "{}";
                    },
                    cancelled);
        }

        @Override
        public int buckets() {
            return exchange.buckets();
        }

        @Override
        public int length(int unit) throws IOException {
            return file(unit).length(bucket);
        }

        @Override
        public byte[] array(int unit) throws IOException {
            return file(unit).read(bucket);
        }

        private ArrayFile file(int unit) {
            return new ArrayFile(workspace.resolve(path(exchange, unit)));
        }

        private static String path(Exchange exchange, int unit) {
            return "%s/%06d.arrays".formatted(directory(exchange), unit);
        }
    }
}
