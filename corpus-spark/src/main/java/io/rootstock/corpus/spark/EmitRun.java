package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.TaskExecution;
import io.rootstock.corpus.engine.WorkUnit;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/**
 * Runs the emitting task of an exchange for a unit. The keys of its pairs are positions in {@code missing}.
 *
 * @param workspace path of the workspace on executors
 * @param missing buckets that are not done
 */
@SuppressWarnings("ArrayRecordComponent")
record EmitRun(String workspace, Exchange exchange, int[] missing)
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
                .mapToObj(position -> new Tuple2<>(position, new EmittedArray(unit.index(), arrays[missing[position]])))
                .iterator();
    }
}
