package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.Progress;
import io.rootstock.corpus.engine.WorkUnit;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Progress of the tasks of one Spark stage. Spark repeats tasks whose results were lost with an executor; each counts once. The
 * caller synchronises.
 */
final class Phase {
    private final String stage;
    private final IntFunction<String> names;
    private final int tasks;
    private final long[] sizes;
    private final Consumer<Progress> progress;
    private final BitSet finished = new BitSet();
    private long bytes;
    private long bytesDone;

    private Phase(String stage, IntFunction<String> names, int tasks, long[] sizes, Consumer<Progress> progress) {
        this.stage = stage;
        this.names = names;
        this.tasks = tasks;
        this.sizes = sizes;
        this.progress = progress;
        for (long size : sizes) {
            bytes += size;
        }
    }

    /** Tasks for units. */
    static Phase ofUnits(String stage, List<WorkUnit> units, Consumer<Progress> progress) {
        long[] sizes = units.stream().mapToLong(WorkUnit::bytes).toArray();
        return new Phase(stage, index -> units.get(index).name(), sizes.length, sizes, progress);
    }

    /** Tasks whose input sizes become known while the stage before runs. */
    static Phase ofBuckets(String stage, IntFunction<String> names, int tasks, Consumer<Progress> progress) {
        return new Phase(stage, names, tasks, new long[0], progress);
    }

    String stage() {
        return stage;
    }

    StageFailure failure(int position, Throwable cause, boolean lost) {
        return new StageFailure(stage, position, names.apply(position), cause, lost);
    }

    /** Adds input bytes of tasks to come. */
    void expect(long added) {
        bytes += added;
    }

    /**
     * Counts a finished task.
     *
     * @param read bytes that it has read from the shuffle
     */
    void finish(int position, long read) {
        if (!finished.get(position)) {
            finished.set(position);
            bytesDone += sizes.length > 0 ? sizes[position] : read;
            bytes = Math.max(bytes, bytesDone);
            progress.accept(new Progress(stage, finished.cardinality(), tasks, bytesDone, bytes));
        }
    }

    boolean isFinished() {
        return finished.cardinality() == tasks;
    }

    /** Reports the end of a stage of which Spark has not reported every task. */
    void finishAll() {
        if (!isFinished()) {
            finished.set(0, tasks);
            progress.accept(new Progress(stage, tasks, tasks, bytes, bytes));
        }
    }
}
