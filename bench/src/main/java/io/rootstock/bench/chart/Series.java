package io.rootstock.bench.chart;

import java.util.List;

/**
 * Values that a line joins.
 *
 * @param name text of the legend
 */
public record Series(String name, List<Mark> marks) {
    public Series {
        marks = List.copyOf(marks);
    }
}
