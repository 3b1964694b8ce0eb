package io.rootstock.corpus.engine;

import java.io.IOException;
import java.util.List;

/**
 * Runs stages over units. An engine decides where and in which order tasks run; results never depend on it.
 *
 * <p><b>On Spark</b>, with an RDD of units of one partition each and a workspace that all executors see:
 *
 * <ul>
 *   <li>{@code each} is {@code units.map(unit -> TaskExecution.unit(workspace, stage, unit, cancelled))}, collected and
 *       sorted by {@link WorkUnit#index()}.
 *   <li>{@code exchange} first looks for the receipts of all buckets ({@link TaskExecution#findCollected}); for the missing
 *       ones it is {@code units.flatMapToPair(unit -> TaskExecution.emit(...))} with pairs of bucket and (unit index, byte
 *       array), {@code groupByKey(buckets)}, and {@code map} of a group, with its arrays placed by unit index in a
 *       {@link BucketInput}, through {@link TaskExecution#collect}.
 * </ul>
 *
 * <p>Stages, units and receipts are {@link java.io.Serializable} records; a worker finds the code of a task by its name
 * ({@link TaskProvider}, through {@link java.util.ServiceLoader}), so that closures of this jar are not serialised. Sources
 * of this package use the language and library of Java 21.
 */
public interface DataEngine {
    /**
     * Runs a task for every unit. A unit with a valid receipt is done and is not run.
     *
     * @param stage stage whose task is a {@link UnitTask}
     * @param units units with indexes 0 to n-1, in this order
     * @return receipts in the order of the units
     * @throws JobCancelledException if the job was cancelled; receipts of finished units remain
     * @throws JobFailedException naming stage and unit, if a task failed; receipts of finished units remain
     */
    List<Receipt> each(Stage stage, List<WorkUnit> units, JobControl control) throws IOException;

    /**
     * Runs a task for every unit that emits one byte array for each bucket, and a task for every bucket that sees the
     * arrays of all units in unit order. A bucket with a valid receipt is done and is not run.
     *
     * @param exchange its emitting task is an {@link EmitTask}, its collecting task a {@link CollectTask}
     * @param units units with indexes 0 to n-1, in this order
     * @return receipts in the order of the buckets
     * @throws JobCancelledException if the job was cancelled; receipts of finished buckets remain
     * @throws JobFailedException naming stage and unit or bucket, if a task failed; receipts of finished buckets remain
     */
    List<Receipt> exchange(Exchange exchange, List<WorkUnit> units, JobControl control) throws IOException;
}
