package io.rootstock.registry.job;

import io.rootstock.registry.v1.JobState;
import java.util.List;

/**
 * Selects jobs of a list.
 *
 * @param states states; empty: all
 * @param outputModel models/{model}; empty: all
 * @param dataset datasets/{dataset}; empty: all
 */
public record JobFilter(List<JobState> states, String outputModel, String dataset) {
    public JobFilter {
        states = List.copyOf(states);
    }
}
