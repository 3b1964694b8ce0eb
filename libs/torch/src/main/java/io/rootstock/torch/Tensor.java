package io.rootstock.torch;

import static io.rootstock.torch.NativeLibraries.MEMORY;
import static io.rootstock.torch.StableAbi.check;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * An owned reference to a libtorch tensor. Closing releases the reference, and the memory with the last one; closing
 * twice has no effect, using a closed tensor throws. A {@link Scope} closes the tensors created in it.
 */
public final class Tensor implements AutoCloseable {
    private static final LongAdder LIVE = new LongAdder();

    private final Workspace.Block block;
    private long handle;

    Tensor(long handle) {
        this(handle, null, Scope.current());
    }

    private Tensor(long handle, Workspace.Block block, Scope scope) {
        this.handle = handle;
        this.block = block;
        LIVE.increment();
        if (scope != null) {
            scope.own(this);
        }
    }

    /** Number of open references in the process: for leak checks. */
    public static long live() {
        return LIVE.sum();
    }

    /**
     * Creates an uninitialized tensor of this shape on the thread's device ({@link Torch#setDevice}), in the
     * {@link Workspace} that the thread has entered, if any.
     */
    public static Tensor empty(DType type, long... sizes) {
        Workspace workspace = Workspace.entered();
        Workspace.Block block = workspace == null ? null : workspace.take(type, TensorHandles.elements(sizes));
        return block == null
                ? emptyOn(Torch.device(), type, sizes)
                : new Tensor(
                        TensorHandles.view(block.memory().handle(), 0, sizes, TensorHandles.rowMajorStrides(sizes)),
                        block,
                        Scope.current());
    }

    /** Creates an uninitialized tensor in main memory, for values from Java. */
    private static Tensor onHost(DType type, long... sizes) {
        return Torch.device().type() == Device.Type.CPU ? empty(type, sizes) : emptyOn(Device.CPU, type, sizes);
    }

    /** Creates an uninitialized tensor on the thread's device that no scope closes. */
    static Tensor unowned(DType type, long elements) {
        return new Tensor(TensorHandles.empty(Torch.device(), type, elements), null, null);
    }

    /**
     * Creates a tensor of memory that libtorch does not own.
     *
     * @param address address of the memory, which must outlive the tensor
     * @param sizes shape, row-major
     */
    public static Tensor ofMemory(Device device, DType type, long address, long... sizes) {
        return new Tensor(TensorHandles.ofMemory(device, type, address, sizes));
    }

    /** An undefined tensor: C++'s value of an omitted tensor argument. */
    public static Tensor undefined() {
        return new Tensor(TensorHandles.undefined());
    }

    /** Creates an uninitialized row-major tensor of this shape on a device. */
    public static Tensor emptyOn(Device device, DType type, long... sizes) {
        return new Tensor(TensorHandles.empty(device, type, sizes));
    }

    /** Creates a zeroed tensor of this shape on the thread's device. */
    public static Tensor zeros(DType type, long... sizes) {
        Tensor tensor = empty(type, sizes);
        if (Torch.device().type() == Device.Type.CPU) {
            tensor.memory().fill((byte) 0);
            return tensor;
        }
        return NativeCall.call(() -> {
            check((int) StableAbi.ZERO.invokeExact(tensor.handle()), "aoti_torch_zero_");
            return tensor;
        });
    }

    /** Creates a CPU tensor with these values. */
    public static Tensor of(float[] values, long... sizes) {
        Tensor tensor = onHost(DType.FLOAT32, sizes);
        MemorySegment.copy(values, 0, tensor.memory(), JAVA_FLOAT, 0, values.length);
        return tensor;
    }

    /** Creates a CPU tensor with these values. */
    public static Tensor of(double[] values, long... sizes) {
        Tensor tensor = onHost(DType.FLOAT64, sizes);
        MemorySegment.copy(values, 0, tensor.memory(), JAVA_DOUBLE, 0, values.length);
        return tensor;
    }

    /** Creates a CPU tensor with these values. */
    public static Tensor of(long[] values, long... sizes) {
        Tensor tensor = onHost(DType.INT64, sizes);
        MemorySegment.copy(values, 0, tensor.memory(), JAVA_LONG, 0, values.length);
        return tensor;
    }

    /** Creates a 0-dimensional CPU tensor of a floating-point type. */
    public static Tensor scalar(DType type, double value) {
        Tensor tensor = onHost(type);
        switch (type) {
            case FLOAT32 -> tensor.memory().set(JAVA_FLOAT, 0, (float) value);
            case FLOAT64 -> tensor.memory().set(JAVA_DOUBLE, 0, value);
            case BFLOAT16, FLOAT16, INT64, INT32, UINT8, BOOL ->
                throw new IllegalArgumentException("no scalars of " + type);
        }
        return tensor;
    }

    /**
     * Returns a view of this tensor's memory, not recorded by autograd.
     *
     * @param offset offset in elements from this tensor's first element
     * @param sizes shape of the view
     * @param strides strides in elements, per dimension
     */
    public Tensor strided(long offset, long[] sizes, long[] strides) {
        return new Tensor(TensorHandles.view(handle(), offset, sizes, strides));
    }

    /** Returns a row-major view of consecutive elements; this tensor must be contiguous. */
    public Tensor slice(long offset, long... sizes) {
        return strided(offset, sizes, TensorHandles.rowMajorStrides(sizes));
    }

    /**
     * Returns this + factor * other, recorded by autograd. The stable ABI cannot pass the Scalar factor of aten::add.
     */
    public Tensor plus(Tensor other, double factor) {
        Scratch scratch = Scratch.ofThread();
        return NativeCall.call(() -> {
            check(
                    (int) StableAbi.SUBTRACT.invokeExact(handle(), other.handle(), -factor, scratch.result()),
                    "aten::sub.Tensor");
            return new Tensor(scratch.readResult());
        });
    }

    /** Computes this = beta * this + left x right in place. With beta 0 the old values are ignored, also NaN. */
    public void addMatrixProduct(Tensor left, Tensor right, double beta) {
        NativeCall.run(() -> check(
                (int) StableAbi.ADDMM_OUT.invokeExact(
                        handle(), handle(), left.handle(), right.handle(), (float) beta, 1f),
                "aten::addmm.out"));
    }

    /** Returns beta * this + alpha * left x right as a new tensor. */
    public Tensor plusMatrixProduct(Tensor left, Tensor right, double beta, double alpha) {
        Tensor result = empty(dtype(), sizes());
        return NativeCall.call(() -> {
            check(
                    (int) StableAbi.ADDMM_OUT.invokeExact(
                            result.handle(), handle(), left.handle(), right.handle(), (float) beta, (float) alpha),
                    "aten::addmm.out");
            return result;
        });
    }

    /** Returns a second reference to this tensor. */
    public Tensor share() {
        return NativeCall.call(() -> {
            return new Tensor(duplicateHandle(Scratch.ofThread()));
        });
    }

    /** Returns a second reference that no scope closes. */
    public Tensor shareForGood() {
        return NativeCall.call(() -> {
            return new Tensor(duplicateHandle(Scratch.ofThread()), null, null);
        });
    }

    /** Makes this tensor a leaf whose gradient autograd computes. */
    public Tensor requireGradient() {
        return NativeCall.call(() -> {
            check((int) StableAbi.REQUIRES_GRAD.invokeExact(handle(), true), "torch_set_requires_grad");
            return this;
        });
    }

    /** Address of the first element. */
    public long address() {
        return query(StableAbi.DATA, "aoti_torch_get_data_ptr");
    }

    /** Number of dimensions. */
    public int dimensions() {
        return (int) query(StableAbi.DIMENSIONS, "aoti_torch_get_dim");
    }

    /** Number of elements. */
    public long elements() {
        return query(StableAbi.ELEMENTS, "aoti_torch_get_numel");
    }

    /** Type of the elements. */
    public DType dtype() {
        return DType.ofCode((int) query(StableAbi.DTYPE, "aoti_torch_get_dtype"));
    }

    /** Size of each dimension. */
    public long[] sizes() {
        return longs(query(StableAbi.SIZES, "aoti_torch_get_sizes"));
    }

    /** Strides in elements, per dimension. */
    public long[] strides() {
        return longs(query(StableAbi.STRIDES, "aoti_torch_get_strides"));
    }

    /** Whether the tensor is contiguous and row-major. */
    public boolean contiguous() {
        return (query(StableAbi.IS_CONTIGUOUS, "aoti_torch_is_contiguous") & 0xff) != 0;
    }

    /**
     * Returns the elements' memory, valid while the tensor is open; for contiguous tensors. A GPU tensor's memory is
     * only readable if the host shares it.
     */
    public MemorySegment memory() {
        if (!contiguous()) {
            throw new IllegalStateException("the memory of a tensor with gaps is not one piece");
        }
        return MEMORY.asSlice(address(), elements() * dtype().bytes());
    }

    /** Whether the memory is on a GPU. */
    public boolean onGpu() {
        return (int) query(StableAbi.DEVICE_TYPE, "aoti_torch_get_device_type") == Device.Type.CUDA.code();
    }

    /** Returns a copy in main memory that no scope closes; waits for the GPU's work on the tensor. */
    public Tensor copyOnHost() {
        Tensor copy = new Tensor(TensorHandles.empty(Device.CPU, dtype(), sizes()), null, null);
        try {
            check((int) StableAbi.COPY.invokeExact(copy.handle(), handle(), 0), "aoti_torch_copy_");
            return copy;
        } catch (Throwable e) {
            copy.close();
            throw NativeCall.rethrow(e);
        }
    }

    /** Returns the elements as doubles, row-major, for any floating-point or integer type; waits for the GPU. */
    public double[] toDoubles() {
        if (onGpu()) {
            try (Tensor copy = copyOnHost()) {
                return copy.toDoubles();
            }
        }
        MemorySegment memory = memory();
        DType type = dtype();
        double[] values = new double[Math.toIntExact(elements())];
        for (int index = 0; index < values.length; index++) {
            values[index] = type.read(memory, index);
        }
        return values;
    }

    /** Returns the value of a tensor with one element. */
    public double item() {
        if (elements() != 1) {
            throw new IllegalStateException(this + " has not one element");
        }
        return toDoubles()[0];
    }

    @Override
    public void close() {
        long closing = handle;
        if (closing != 0) {
            handle = 0;
            LIVE.decrement();
            NativeCall.run(
                    () -> check((int) StableAbi.DELETE_TENSOR.invokeExact(closing), "aoti_torch_delete_tensor_object"));
            if (block != null) {
                block.giveBack();
            }
        }
    }

    @Override
    public String toString() {
        return handle == 0 ? "Tensor(closed)" : "Tensor(" + dtype() + Arrays.toString(sizes()) + ")";
    }

    long handle() {
        if (handle == 0) {
            throw new IllegalStateException("the tensor is closed");
        }
        return handle;
    }

    /** Returns a second owned handle, for a call that consumes it. */
    long duplicateHandle(Scratch scratch) throws Throwable {
        check((int) StableAbi.NEW_HANDLE.invokeExact(handle(), scratch.result()), "aoti_torch_new_tensor_handle");
        return scratch.readResult();
    }

    private long query(MethodHandle function, String name) {
        Scratch scratch = Scratch.ofThread();
        return NativeCall.call(() -> {
            scratch.clearResult();
            check((int) function.invokeExact(handle(), scratch.result()), name);
            return scratch.readResult();
        });
    }

    private long[] longs(long address) {
        return MEMORY.asSlice(address, 8L * dimensions()).toArray(JAVA_LONG);
    }
}
