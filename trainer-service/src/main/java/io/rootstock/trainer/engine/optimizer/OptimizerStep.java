package io.rootstock.trainer.engine.optimizer;

/**
 * Parameters of one update.
 *
 * @param number number of the update, t, from 1
 * @param learningRate learning rate
 * @param settings optimizer settings
 * @param gradientDivisor the gradient is divided by it to clip its norm; 1 leaves it unchanged
 */
public record OptimizerStep(long number, double learningRate, OptimizerSettings settings, double gradientDivisor) {}
