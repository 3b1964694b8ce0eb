package io.rootstock.corpus.engine;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Progress and cancellation of a job.
 *
 * @param progress receives the progress after each finished task, one call at a time, from threads of the engine
 * @param cancelled whether the job is to stop; read often, from any thread
 */
public record JobControl(Consumer<Progress> progress, BooleanSupplier cancelled) {
    /** Reports nothing and is never cancelled. */
    public static final JobControl NONE = new JobControl(progress -> {}, () -> false);
}
