package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.TaskExecution;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/**
 * Runs the collecting task of an exchange for a partition of the shuffle, which is one bucket.
 *
 * @param workspace path of the workspace on executors
 * @param missing bucket of each partition
 * @param units number of units
 * @param unitsDigest digest of the units
 */
@SuppressWarnings("ArrayRecordComponent")
record CollectRun(String workspace, Exchange exchange, int[] missing, int units, String unitsDigest)
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
                () -> TaskExecution.collect(Path.of(workspace), exchange, bucket, unitsDigest, SparkTask::isKilled));
        return List.of(receipt).iterator();
    }
}
