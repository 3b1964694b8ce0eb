package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.DataEngine;
import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.Progress;
import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Stage;
import io.rootstock.corpus.engine.TaskExecution;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.local.LocalEngine;
import io.rootstock.corpus.engine.local.WorkDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

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
}
