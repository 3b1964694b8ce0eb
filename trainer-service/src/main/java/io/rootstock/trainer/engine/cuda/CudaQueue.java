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
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Calls for a GPU, put on one stream. One thread at a time. */
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
     * A queue for the calling thread's GPU.
     *
     * @param module of all kernels; closed with this
     */
    CudaQueue(Device device, CudaModule module) {
        this.device = device;
        this.module = module;
        // all of them now: the driver may load none while calls are taken down
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
            return plan.next(input).copy(input, stream, device); // filled when the plan is launched
        }
        CudaSlot slot = free(input);
        slot.fill(input);
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

    /**
     * Takes down what work calls, none of which is done.
     *
     * @param inputs those that the work uploads, in their order
     */
    CudaPlan takeDown(List<Input> inputs, Runnable work) {
        CudaPlan taken = new CudaPlan(inputs);
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
