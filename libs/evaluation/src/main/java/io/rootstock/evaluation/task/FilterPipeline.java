package io.rootstock.evaluation.task;

import java.util.List;

/**
 * An entry of {@code filter_list}: each metric has one value per pipeline.
 *
 * @param name name of the pipeline, {@code none} by default
 * @param steps steps in order
 */
public record FilterPipeline(String name, List<FilterStep> steps) {
    /** Pipeline of a task without {@code filter_list}. */
    public static final FilterPipeline NONE = new FilterPipeline("none", List.of(new FilterStep.TakeFirst()));

    public FilterPipeline {
        steps = List.copyOf(steps);
    }
}
