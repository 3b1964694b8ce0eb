/**
 * Training on the CPU: kernels in the JDK's Vector API over libtorch's memory, for float32 with matrix products in float32
 * or bfloat16. float64 uses the kernels of {@code engine.aten}. This package must not use {@code engine.cuda}.
 *
 * <p>Vector loops must stay short enough for C2 to inline them (decision 0102).
 */
package io.rootstock.trainer.engine.cpu;
