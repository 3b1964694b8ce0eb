package io.rootstock.trainer.engine;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import java.lang.foreign.MemorySegment;

/** What CUDA's kernels need done for them, all of it in the order of the calls. */
interface CudaCalls {
    /**
     * Numbers of Java's on their way to the kernels.
     *
     * @param type of each
     * @param values an array
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

        /** How many. */
        long elements() {
            return values.byteSize() / type.bytes();
        }
    }

    /**
     * Launches a kernel of {@link CudaSource}.
     *
     * @param arguments as {@link io.rootstock.cuda.KernelArguments} takes them
     */
    void launch(String kernel, Geometry geometry, Object... arguments);

    /** The numbers where the kernels are, valid for the launches that follow; belongs to the caller's scope. */
    Tensor upload(Input input);

    /** Whether calls are taken down in place of being done: nothing may be waited for then. */
    default boolean takenDown() {
        return false;
    }

    /** Keeps a tensor that libtorch made until what is being taken down is no longer needed. */
    default void hold(Tensor tensor) {}

    /** Launches a kernel whose arguments may be tensors, which stand for their addresses; null is C's null pointer. */
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
