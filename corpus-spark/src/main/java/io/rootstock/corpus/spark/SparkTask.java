package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.JobCancelledException;
import java.io.IOException;
import org.apache.spark.TaskContext;

/** Runs engine tasks on executors. */
final class SparkTask {
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
