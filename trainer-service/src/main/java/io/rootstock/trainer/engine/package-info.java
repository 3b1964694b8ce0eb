/**
 * Training of a decoder: the entry point {@link io.rootstock.trainer.engine.Engine}, the choice of the device, the replicas
 * and the sum of their gradients. Files, datasets, schedules and services stay outside.
 *
 * <p>Dependencies between the packages below, without cycles: {@code engine} uses {@code cpu} and {@code cuda}; {@code cpu}
 * uses {@code aten}; these use {@code device}, {@code device} uses {@code optimizer}, {@code optimizer} uses {@code model},
 * and {@code model} uses {@code batch}.
 */
package io.rootstock.trainer.engine;
