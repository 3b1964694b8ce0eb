package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Device;

/**
 * How a training is computed.
 *
 * @param precision of matrix products; everything else is float32, or float64 under FLOAT64
 * @param threads replicas, each with a part of every batch's rows
 * @param recomputation what the backward makes again
 * @param vectorKernels the Vector API's kernels in place of libtorch's operators; not for float64
 * @param device where; a GPU has one replica, and kernels of its own
 * @param packed rows lie one behind the other, without padding, each with positions and attention of its own
 */
public record Execution(
        Precision precision,
        int threads,
        Recomputation recomputation,
        boolean vectorKernels,
        Device device,
        boolean packed) {
    /** Refuses what cannot be computed. */
    public Execution {
        if (threads < 1) {
            throw new IllegalArgumentException("a training needs a thread, was given " + threads);
        }
        if (vectorKernels && precision == Precision.FLOAT64) {
            throw new IllegalArgumentException("the Vector API's kernels are for float32; float64 has libtorch's");
        }
        if (device.type() == Device.Type.CUDA && (threads > 1 || vectorKernels || precision == Precision.FLOAT64)) {
            throw new IllegalArgumentException(
                    "a GPU is one replica with its own kernels, in float32 or bfloat16; was given " + threads
                            + " threads, " + precision + (vectorKernels ? " and the Vector API's kernels" : ""));
        }
    }

    /** On the CPU, rows padded. */
    public Execution(Precision precision, int threads, Recomputation recomputation, boolean vectorKernels) {
        this(precision, threads, recomputation, vectorKernels, Device.CPU, false);
    }

    /** The fastest kernels of the precision; all activations are kept. */
    public static Execution of(Precision precision, int threads) {
        return new Execution(precision, threads, Recomputation.NONE, precision != Precision.FLOAT64);
    }

    /** The same with other activations kept. */
    public Execution with(Recomputation other) {
        return new Execution(precision, threads, other, vectorKernels, device, packed);
    }

    /** The same on a GPU, where padded rows make fewer and larger calls, of fewer shapes. */
    public Execution on(Device gpu) {
        return new Execution(precision, 1, recomputation, false, gpu, false);
    }

    /** The same with rows packed or padded. */
    public Execution packing(boolean wanted) {
        return new Execution(precision, threads, recomputation, vectorKernels, device, wanted);
    }

    DType wide() {
        return precision == Precision.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }

    DType product() {
        return switch (precision) {
            case FLOAT64 -> DType.FLOAT64;
            case FLOAT32 -> DType.FLOAT32;
            case BFLOAT16 -> DType.BFLOAT16;
        };
    }
}
