/**
 * Training on an NVIDIA GPU: kernels in CUDA C, libtorch's fused attention, and whole steps as CUDA graphs. The kernels'
 * source lies in the resources of this package. This package must not use {@code engine.cpu}.
 */
package io.rootstock.trainer.engine.cuda;
