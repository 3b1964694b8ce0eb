/**
 * Reference implementation of all kernels by libtorch's operators, for any element type. It serves float64, and the other
 * kernels are tested against it.
 */
package io.rootstock.trainer.engine.aten;
