package io.rootstock.corpus.engine;

import io.rootstock.corpus.engine.Task.CollectTask;
import io.rootstock.corpus.engine.Task.EmitTask;
import io.rootstock.corpus.engine.Task.UnitTask;
import java.io.IOException;
import java.util.List;

/**
 * Runs stages over units. An engine decides where and in which order tasks run; results never depend on it.
 *
 * <p>Engines run tasks through {@link TaskExecution}, on the machine of the worker and with a workspace that all workers see:
 *
 * <ul>
 *   <li>{@code each} is {@link TaskExecution#unit} for every unit, with the receipts sorted by {@link WorkUnit#index()}.
 *   <li>{@code exchange} first looks for the receipts of all buckets ({@link TaskExecution#findCollected}); for the missing
 *       ones it runs {@link TaskExecution#emit} for every unit, and {@link TaskExecution#collect} with the arrays placed by
 *       unit index in a {@link BucketInput}.
 * </ul>
 *
 * <p>Stages, units and receipts are {@link java.io.Serializable} records; a worker finds the code of a task by its name
 * ({@link TaskProvider}, through {@link java.util.ServiceLoader}), so that closures of this jar are not serialised.
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
