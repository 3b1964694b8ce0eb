package io.rootstock.trainer.engine;

import io.rootstock.cuda.CudaModule;
import io.rootstock.cuda.Geometry;
import io.rootstock.cuda.Kernel;
import io.rootstock.cuda.KernelArguments;
import io.rootstock.cuda.Stream;
import io.rootstock.torch.Device;
import io.rootstock.torch.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Calls for a GPU, put on one stream. One thread at a time. */
final class CudaQueue implements CudaCalls, AutoCloseable {
    private final Device device;
    private final CudaModule module;
    private final Stream stream = Stream.create();
    private final Arena arena = Arena.ofShared();
    private final KernelArguments arguments = new KernelArguments(arena);
    private final Map<String, Kernel> kernels = new HashMap<>();
    private final List<CudaSlot> slots = new ArrayList<>();
    private int used;
    private CudaPlan plan;

    /**
     * A queue for the calling thread's GPU.
     *
     * @param module of all kernels; closed with this
     */
    CudaQueue(Device device, CudaModule module) {
        this.device = device;
        this.module = module;
    }

    Stream stream() {
        return stream;
    }

    @Override
    public void launch(String kernel, Geometry geometry, Object... given) {
        kernels.computeIfAbsent(kernel, module::kernel).launch(stream, geometry, arguments, given);
    }

    @Override
    public Tensor upload(Input input) {
        CudaSlot slot;
        if (plan != null) {
            slot = plan.add(input);
        } else {
            slot = free(input);
            slot.fill(input);
        }
        return slot.copy(input, stream, device);
    }

    /** A slot that nothing has used since the stream was last waited for. */
    private CudaSlot free(Input input) {
        if (used == slots.size()) {
            slots.add(CudaSlot.of(input.values().byteSize()));
        } else if (!slots.get(used).fits(input)) {
            slots.set(used, CudaSlot.of(input.values().byteSize())).close();
        }
        return slots.get(used++);
    }

    @Override
    public boolean takenDown() {
        return plan != null;
    }

    @Override
    public void hold(Tensor tensor) {
        if (plan != null) {
            plan.hold(tensor.shareForGood());
        }
    }

    /** Takes down what work calls, none of which is done. */
    CudaPlan takeDown(Runnable work) {
        CudaPlan taken = new CudaPlan();
        plan = taken;
        try {
            taken.complete(stream.capture(work));
            return taken;
        } catch (RuntimeException e) {
            taken.close();
            throw e;
        } finally {
            plan = null;
        }
    }

    /** Waits until all is done. */
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
