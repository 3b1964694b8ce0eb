package io.rootstock.dataset.mixture;

import java.util.List;

/**
 * Position of a {@link SourceSampler}: all that the next items depend on.
 *
 * @param items number of items drawn
 * @param drawn number of items drawn of each source
 * @param credits share of each source minus its items, in items; above 0: the source is behind
 */
public record SamplerPosition(long items, List<Long> drawn, List<Double> credits) {
    public SamplerPosition {
        drawn = List.copyOf(drawn);
        credits = List.copyOf(credits);
    }
}
