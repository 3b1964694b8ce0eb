package io.rootstock.trainer.engine;

import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.NcclCollectives;
import io.rootstock.cuda.CudaModule;
import io.rootstock.cuda.Gpu;
import io.rootstock.cuda.ManagedMemory;
import io.rootstock.cuda.Nvrtc;
import io.rootstock.torch.DType;
import io.rootstock.torch.Device;
import io.rootstock.torch.Tensor;
import io.rootstock.torch.Torch;
import io.rootstock.torch.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An NVIDIA GPU. All work is put on one stream, which libtorch's operators use too; a task ends when that is done, so that
 * between tasks the host may read and write the weights and moments, which it shares with the GPU.
 */
final class CudaDevice implements ComputeDevice {
    private final Device device;
    private final Gpu gpu;
    private final CudaQueue queue;
    private final List<AutoCloseable> owned = new ArrayList<>();

    private CudaDevice(Device device, Gpu gpu, CudaQueue queue) {
        this.device = device;
        this.gpu = gpu;
        this.queue = queue;
    }

    /**
     * Opens a GPU and compiles the kernels for it.
     *
     * @throws io.rootstock.cuda.CudaMissingException if there is no driver, no such GPU or no NVRTC
     */
    static CudaDevice open(Device device, DType product) {
        Gpu gpu = Gpu.open(device.index());
        Tensor.emptyOn(device, DType.UINT8, 1).close(); // libtorch prepares itself for the GPU
        String[] options = CudaSource.options(product).toArray(String[]::new);
        byte[] code =
                Nvrtc.open(Torch.directory()).compile("kernels.cu", CudaSource.text(), gpu.architecture(), options);
        CudaAttention.require();
        return new CudaDevice(device, gpu, new CudaQueue(device, CudaModule.load(code)));
    }

    @Override
    public void enter() {
        gpu.use();
        Torch.setGradMode(false);
        Torch.setStream(device, queue.stream().address());
        Torch.setDevice(device);
    }

    @Override
    public void leave() {
        Torch.setDevice(Device.CPU);
        queue.finish();
    }

    @Override
    public Parts parts(ModelShape shape, Execution execution, RotaryTable rotary) {
        CudaKernels kernels = new CudaKernels(queue, shape, execution.product());
        owned.add(kernels);
        return new Parts(kernels, new CudaAttention(queue, shape, execution.product(), rotary));
    }

    @Override
    public WeightBuffer weights(ParameterLayout layout, DType wide, DType product) {
        Tensor master = shared(layout.elements());
        Tensor products = product == wide ? master : Tensor.zeros(product, layout.elements());
        return new WeightBuffer(layout, master, products);
    }

    @Override
    public FlatBuffers buffers(ParameterLayout layout, DType wide, DType product, int replicas) {
        return new CudaFlatBuffers(
                queue, layout, weights(layout, wide, product), shared(layout.elements()), shared(layout.elements()));
    }

    /** Memory that the host reaches too: weights and moments are initialized, saved and exported by it. */
    private Tensor shared(long elements) {
        ManagedMemory memory = ManagedMemory.allocate(elements * Float.BYTES);
        owned.addFirst(memory); // closed after the tensors
        return Tensor.ofMemory(device, DType.FLOAT32, memory.segment().address(), elements);
    }

    @Override
    public Collectives sums(Collectives processes) {
        if (processes.size() == 1) {
            return processes;
        }
        gpu.use();
        Collectives nccl = NcclCollectives.join(processes, queue.stream());
        owned.add(nccl);
        return nccl;
    }

    @Override
    public Optional<StepGraph> stepGraph(
            Parts parts, Llama model, ModelTensors gradients, FlatBuffers buffers, Workspace workspace) {
        StepGraph graph = new StepGraph(
                queue,
                model,
                gradients,
                (CudaFlatBuffers) buffers,
                ((CudaKernels) parts.kernels()).losses(),
                workspace);
        owned.add(graph);
        return Optional.of(graph);
    }

    @Override
    public void close() {
        for (AutoCloseable each : owned.reversed()) {
            try {
                each.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        queue.close();
        gpu.close();
    }
}
