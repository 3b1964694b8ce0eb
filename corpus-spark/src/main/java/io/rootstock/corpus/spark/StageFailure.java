package io.rootstock.corpus.spark;

/**
 * Failure of a task.
 *
 * @param stage name of the engine's stage
 * @param position index of the unit, or position of the bucket
 * @param name name of the unit or bucket
 * @param cause reason
 * @param lost whether its executor or shuffled data was lost, so that Spark repeats the task
 */
record StageFailure(String stage, int position, String name, Throwable cause, boolean lost) {
    /** Whether this failure is reported before another one: failures of tasks come before lost executors, then the order counts. */
    boolean precedes(StageFailure other) {
        return other == null || (lost == other.lost ? position < other.position : !lost);
    }
}
