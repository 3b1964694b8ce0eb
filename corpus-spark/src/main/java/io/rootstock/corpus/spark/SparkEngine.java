package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.DataEngine;
import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.JobCancelledException;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.Progress;
import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Stage;
import io.rootstock.corpus.engine.TaskExecution;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.local.LocalEngine;
import io.rootstock.corpus.engine.local.WorkDirectory;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/**
 * Runs stages on the executors of a Spark application. Each unit is a partition; the arrays of an exchange travel through
 * Spark's shuffle, one partition for each bucket that is not done. All other state is in the work directory, as with the engine
 * of one process, and either engine resumes a job of the other one.
 *
 * <p>Memory of an executor: for each core the arrays of one unit, or one bucket. Memory of the driver: the receipts of a
 * stage. One thread at a time uses an engine.
 */
public final class SparkEngine implements DataEngine {
    private final JavaSparkContext context;
    private final WorkDirectory directory;

    /**
     * @param context application, whose serializer is Java's
     * @param directory work directory, which the driver and all executors see under this path
     */
    public SparkEngine(JavaSparkContext context, WorkDirectory directory) {
        this.context = context;
        this.directory = directory;
    }

    @Override
    public List<Receipt> each(Stage stage, List<WorkUnit> units, JobControl control) throws IOException {
        WorkUnit.requireOrder(units);
        if (units.isEmpty()) {
            return List.of();
        }
        Phase phase = Phase.ofUnits(stage.name(), units, control.progress());
        JavaRDD<Receipt> receipts = partitions(units).map(new UnitRun(path(), stage));
        return new SparkJob(context, directory.path(), Optional.empty(), phase, control).run(receipts);
    }

    @Override
    public List<Receipt> exchange(Exchange exchange, List<WorkUnit> units, JobControl control) throws IOException {
        WorkUnit.requireOrder(units);
        String unitsDigest = TaskExecution.digest(units);
        Receipt[] receipts = new Receipt[exchange.buckets()];
        for (int bucket = 0; bucket < receipts.length; bucket++) {
            Optional<Receipt> found = TaskExecution.findCollected(directory.path(), exchange, bucket, unitsDigest);
            receipts[bucket] = found.orElse(null);
        }
        int[] missing = IntStream.range(0, receipts.length)
                .filter(bucket -> receipts[bucket] == null)
                .toArray();
        if (missing.length > 0) {
            List<Receipt> collected = collect(exchange, units, unitsDigest, missing, control);
            for (int position = 0; position < missing.length; position++) {
                receipts[missing[position]] = collected.get(position);
            }
        } else {
            control.progress().accept(new Progress(exchange.name(), receipts.length, receipts.length, 0, 0));
        }
        LocalEngine.deleteEmitted(directory.path(), exchange);
        return List.of(receipts);
    }

    private List<Receipt> collect(
            Exchange exchange, List<WorkUnit> units, String unitsDigest, int[] missing, JobControl control)
            throws IOException {
        Phase emitting = Phase.ofUnits(exchange.emitStage().name(), units, control.progress());
        Phase collecting = Phase.ofBuckets(
                exchange.name(),
                position -> TaskExecution.bucketName(exchange, missing[position]),
                missing.length,
                control.progress());
        JavaRDD<Receipt> receipts = partitions(units)
                .flatMapToPair(new EmitRun(path(), exchange, missing))
                .partitionBy(new HashPartitioner(missing.length))
                .mapPartitionsWithIndex(new CollectRun(path(), exchange, missing, units.size(), unitsDigest), true);
        return new SparkJob(context, directory.path(), Optional.of(emitting), collecting, control).run(receipts);
    }

    /** Units of one partition each, in order. */
    private JavaRDD<WorkUnit> partitions(List<WorkUnit> units) {
        return context.parallelize(units, Math.max(1, units.size()));
    }

    private String path() {
        return directory.path().toString();
    }

    /** The arrays of all units for one bucket, in memory. */
    static final class ReceivedBucket implements BucketInput {
        private static final byte[] EMPTY = {};

        private final int bucket;
        private final int buckets;
        private final byte[][] arrays;

        /**
         * Places the arrays of a shuffle by their units.
         *
         * @param units number of units; a unit that emitted nothing for the bucket has an empty array
         * @param emitted arrays in any order
         */
        ReceivedBucket(int bucket, int buckets, int units, Iterator<Tuple2<Integer, EmittedArray>> emitted) {
            this.bucket = bucket;
            this.buckets = buckets;
            this.arrays = new byte[units][];
            while (emitted.hasNext()) {
                EmittedArray array = emitted.next()._2();
                arrays[array.unit()] = array.bytes();
            }
        }

        @Override
        public int bucket() {
            return bucket;
        }

        @Override
        public int buckets() {
            return buckets;
        }

        @Override
        public int units() {
            return arrays.length;
        }

        @Override
        public int length(int unit) {
            return array(unit).length;
        }

        @Override
        public byte[] array(int unit) {
            byte[] array = arrays[unit];
            return array == null ? EMPTY : array;
        }
    }

    /**
     * Runs the collecting task of an exchange for a partition of the shuffle, which is one bucket.
     *
     * @param workspace path of the workspace on executors
     * @param missing bucket of each partition
     * @param units number of units
     * @param unitsDigest digest of the units
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record CollectRun(String workspace, Exchange exchange, int[] missing, int units, String unitsDigest)
            implements Function2<Integer, Iterator<Tuple2<Integer, EmittedArray>>, Iterator<Receipt>> {
        private static final long serialVersionUID = 1L;

        /** Reads the shuffle outside of the task, so that Spark sees its own failures and recomputes lost arrays. */
        @Override
        public Iterator<Receipt> call(Integer position, Iterator<Tuple2<Integer, EmittedArray>> emitted)
                throws TaskFailedException {
            ReceivedBucket bucket = new ReceivedBucket(missing[position], exchange.buckets(), units, emitted);
            Receipt receipt = SparkTask.run(
                    exchange.name(),
                    position,
                    TaskExecution.bucketName(exchange, bucket.bucket()),
                    () -> TaskExecution.collect(
                            Path.of(workspace), exchange, bucket, unitsDigest, SparkTask::isKilled));
            return List.of(receipt).iterator();
        }
    }

    /**
     * Runs the emitting task of an exchange for a unit. The keys of its pairs are positions in {@code missing}.
     *
     * @param workspace path of the workspace on executors
     * @param missing buckets that are not done
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record EmitRun(String workspace, Exchange exchange, int[] missing)
            implements PairFlatMapFunction<WorkUnit, Integer, EmittedArray> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Tuple2<Integer, EmittedArray>> call(WorkUnit unit) throws TaskFailedException {
            byte[][] arrays = SparkTask.run(
                    exchange.emitStage().name(),
                    unit.index(),
                    unit.name(),
                    () -> TaskExecution.emit(Path.of(workspace), exchange, unit, SparkTask::isKilled));
            return IntStream.range(0, missing.length)
                    .filter(position -> arrays[missing[position]].length > 0)
                    .mapToObj(position ->
                            new Tuple2<>(position, new EmittedArray(unit.index(), arrays[missing[position]])))
                    .iterator();
        }
    }

    /**
     * Runs the task of a stage for a unit.
     *
     * @param workspace path of the workspace on executors
     */
    private record UnitRun(String workspace, Stage stage) implements Function<WorkUnit, Receipt> {
        private static final long serialVersionUID = 1L;

        @Override
        public Receipt call(WorkUnit unit) throws TaskFailedException {
            return SparkTask.run(
                    stage.name(),
                    unit.index(),
                    unit.name(),
                    () -> TaskExecution.unit(Path.of(workspace), stage, unit, SparkTask::isKilled));
        }
    }

    /**
     * An array of one unit for one bucket, as the shuffle moves it.
     *
     * @param unit index of the unit
     * @param bytes the array; not empty
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record EmittedArray(int unit, byte[] bytes) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** Runs engine tasks on executors. */
    private static final class SparkTask {
        private SparkTask() {}

        /** A task of the engine. */
        @FunctionalInterface
        interface Body<T> {
            T run() throws IOException;
        }

        /**
         * Runs a task.
         *
         * @param stage name of the engine's stage
         * @param position index of the unit, or position of the bucket among those that are missing
         * @param name name of the unit or bucket
         * @throws TaskFailedException if the task failed
         * @throws JobCancelledException if Spark has killed the task
         */
        static <T> T run(String stage, int position, String name, Body<T> body) throws TaskFailedException {
            try {
                return body.run();
            } catch (JobCancelledException e) {
                throw e;
            } catch (IOException | RuntimeException | Error e) {
                throw TaskFailedException.of(stage, position, name, e);
            }
        }

        /** Whether the driver has killed the task that runs on this thread. */
        static boolean isKilled() {
            return TaskContext.get().isInterrupted();
        }
    }
}
