/**
 * The decoder's mathematics: parameter layout, weights, and the forward and backward pass over the interfaces
 * {@link io.rootstock.trainer.engine.model.Kernels} and {@link io.rootstock.trainer.engine.model.Attention}. Their
 * implementations lie in the packages {@code cpu}, {@code aten} and {@code cuda}, which this package must not use.
 *
 * <p>The master type is the element type of master weights, gradients and the residual stream: float32, or float64 in
 * checks. The compute type is the type of the operands of matrix products: the master type or bfloat16.
 */
package io.rootstock.trainer.engine.model;
