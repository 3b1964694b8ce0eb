package io.rootstock.bench.chart;

/**
 * A horizontal line, such as chance or a baseline.
 *
 * @param name text of the legend
 */
public record ReferenceLine(String name, double y) {}
