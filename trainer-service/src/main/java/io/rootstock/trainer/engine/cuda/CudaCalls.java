package io.rootstock.trainer.engine.cuda;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import java.lang.foreign.MemorySegment;

/** Kernel launches and uploads, executed in the order of the calls. */
interface CudaCalls {
    /**
     * A Java array to upload.
     *
     * @param type element type
     * @param values the array as a segment
     */
    record Input(DType type, MemorySegment values) {
        static Input of(int[] values) {
            return new Input(DType.INT32, MemorySegment.ofArray(values));
        }

        static Input of(float[] values) {
            return new Input(DType.FLOAT32, MemorySegment.ofArray(values));
        }

        static Input of(double[] values) {
            return new Input(DType.FLOAT64, MemorySegment.ofArray(values));
        }

        /** Number of elements. */
        long elements() {
            return values.byteSize() / type.bytes();
        }
    }

    /**
     * Launches a kernel of {@link CudaSource}.
     *
     * @param kernel name of the kernel
     * @param geometry grid and block sizes
     * @param arguments scalars and addresses, see {@link io.rootstock.cuda.KernelArguments}
     */
    void launch(String kernel, Geometry geometry, Object... arguments);

    /** Copies an input to the kernels' memory, for the launches that follow; the tensor belongs to the caller's scope. */
    Tensor upload(Input input);

    /** Whether calls are captured into a graph instead of executed; no call may synchronize meanwhile. */
    default boolean capturing() {
        return false;
    }

    /** During a capture, keeps a tensor that libtorch allocated for the lifetime of the graph. */
    default void hold(Tensor tensor) {}

    /** Launches a kernel; arguments may be tensors, which are passed as addresses, and null, which is a null pointer. */
    default void run(String kernel, Geometry geometry, Object... arguments) {
        Object[] plain = new Object[arguments.length];
        for (int index = 0; index < plain.length; index++) {
            plain[index] = switch (arguments[index]) {
                case null -> 0L;
                case Tensor tensor -> tensor.address();
                default -> arguments[index];
            };
        }
        launch(kernel, geometry, plain);
    }
}
