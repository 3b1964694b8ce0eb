package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Device;
import io.rootstock.trainer.engine.model.Recomputation;

/**
 * Execution settings of a training.
 *
 * @param precision precision of matrix products; other arithmetic is float32, or float64 under FLOAT64
 * @param threads number of replicas, each with a shard of every batch
 * @param recomputation activations to recompute in the backward pass
 * @param vectorKernels whether to use the Vector API's kernels instead of libtorch's operators; not for float64 and GPUs
 * @param device CPU or GPU; a GPU has one replica
 * @param packed whether rows are packed without padding; positions and attention are per row
 */
public record Execution(
        Precision precision,
        int threads,
        Recomputation recomputation,
        boolean vectorKernels,
        Device device,
        boolean packed) {
    /** Checks that the settings can be combined. */
    public Execution {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, was " + threads);
        }
        if (vectorKernels && precision == Precision.FLOAT64) {
            throw new IllegalArgumentException("vector kernels do not support float64");
        }
        if (device.type() == Device.Type.CUDA && (threads > 1 || vectorKernels || precision == Precision.FLOAT64)) {
            throw new IllegalArgumentException(
                    "a GPU needs one thread and float32 or bfloat16, without vector kernels; was " + threads
                            + " threads, " + precision + (vectorKernels ? ", vector kernels" : ""));
        }
    }

    /** Execution on the CPU with padded rows. */
    public Execution(Precision precision, int threads, Recomputation recomputation, boolean vectorKernels) {
        this(precision, threads, recomputation, vectorKernels, Device.CPU, false);
    }

    /** Execution on the CPU with the fastest kernels of the precision and without recomputation. */
    public static Execution of(Precision precision, int threads) {
        return new Execution(precision, threads, Recomputation.NONE, precision != Precision.FLOAT64);
    }

    /** This execution with another recomputation. */
    public Execution with(Recomputation other) {
        return new Execution(precision, threads, other, vectorKernels, device, packed);
    }

    /** This execution on a GPU with one thread and padded rows, which need fewer and larger kernel launches. */
    public Execution on(Device gpu) {
        return new Execution(precision, 1, recomputation, false, gpu, false);
    }

    /** This execution with packed or padded rows. */
    public Execution packing(boolean wanted) {
        return new Execution(precision, threads, recomputation, vectorKernels, device, wanted);
    }

    /** Type of master weights, gradients and the residual stream. */
    DType masterType() {
        return precision == Precision.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }

    /** Type of the operands of matrix products. */
    DType computeType() {
        return switch (precision) {
            case FLOAT64 -> DType.FLOAT64;
            case FLOAT32 -> DType.FLOAT32;
            case BFLOAT16 -> DType.BFLOAT16;
        };
    }
}
