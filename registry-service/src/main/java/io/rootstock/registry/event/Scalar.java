package io.rootstock.registry.event;

/**
 * A value of a metric at a step.
 *
 * @param metric name as in the run's TensorBoard files, such as {@code training/loss}
 */
public record Scalar(String metric, long step, double value) {}
