package io.rootstock.trainer.engine.cuda;

import io.rootstock.cuda.CudaModule;
import io.rootstock.cuda.Geometry;
import io.rootstock.cuda.Kernel;
import io.rootstock.cuda.KernelArguments;
import io.rootstock.cuda.Stream;
import io.rootstock.torch.Device;
import io.rootstock.torch.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Calls on one CUDA stream. Not thread-safe. */
final class CudaQueue implements CudaCalls, AutoCloseable {
    private final Device device;
    private final CudaModule module;
    private final Stream stream = Stream.create();
    private final Arena arena = Arena.ofShared();
    private final KernelArguments arguments = new KernelArguments(arena);
    private final Map<String, Kernel> kernels;
    private final List<CudaSlot> slots = new ArrayList<>();
    private int used;
    private CudaPlan plan;

    /**
     * Creates a stream on the calling thread's GPU.
     *
     * @param module compiled kernels; closed with this object
     */
    CudaQueue(Device device, CudaModule module) {
        this.device = device;
        this.module = module;
        // resolved before a capture, during which the driver must not load code
        this.kernels = CudaSource.KERNELS.stream().collect(Collectors.toMap(name -> name, module::kernel));
    }

    Stream stream() {
        return stream;
    }

    @Override
    public void launch(String kernel, Geometry geometry, Object... given) {
        kernels.get(kernel).launch(stream, geometry, arguments, given);
    }

    @Override
    public Tensor upload(Input input) {
        if (plan != null) {
            return plan.next(input).copy(input, stream, device); // the slot is filled at each launch of the plan
        }
        CudaSlot slot = free(input);
        slot.fill(input);
        return slot.copy(input, stream, device);
    }

    /** A slot that is unused since the last synchronization. */
    private CudaSlot free(Input input) {
        if (used == slots.size()) {
            slots.add(CudaSlot.of(input.values().byteSize()));
        } else if (!slots.get(used).fits(input)) {
            slots.set(used, CudaSlot.of(input.values().byteSize())).close();
        }
        return slots.get(used++);
    }

    @Override
    public boolean capturing() {
        return plan != null;
    }

    @Override
    public void hold(Tensor tensor) {
        if (plan != null) {
            plan.hold(tensor.shareForGood());
        }
    }

    /**
     * Captures the calls of some work into a graph without executing them.
     *
     * @param inputs inputs that the work uploads, in order
     * @param work makes the calls
     */
    CudaPlan capture(List<Input> inputs, Runnable work) {
        CudaPlan captured = new CudaPlan(inputs);
        plan = captured;
        try {
            captured.complete(stream.capture(work));
            return captured;
        } catch (RuntimeException e) {
            captured.close();
            throw e;
        } finally {
            plan = null;
        }
    }

    /** Waits until all work of the stream is complete. */
    void finish() {
        stream.synchronize();
        used = 0;
    }

    @Override
    public void close() {
        slots.forEach(CudaSlot::close);
        stream.close();
        module.close();
        arena.close();
    }
}
