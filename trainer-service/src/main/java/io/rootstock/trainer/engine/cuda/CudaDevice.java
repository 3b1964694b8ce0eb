package io.rootstock.trainer.engine.cuda;

import io.rootstock.checkpoint.ModelShape;
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
import io.rootstock.trainer.engine.device.ComputeDevice;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.StepRunner;
import io.rootstock.trainer.engine.model.Llama;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.model.WeightBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An NVIDIA GPU with one replica. All work runs on one stream, which libtorch's operators use too. A task ends when its
 * work is complete, so that the host may access weights and moments, which lie in managed memory, between tasks.
 */
public final class CudaDevice implements ComputeDevice {
    private final Device device;
    private final Gpu gpu;
    private final CudaQueue queue;
    private final List<AutoCloseable> owned = new ArrayList<>();
    private CudaKernels kernels;
    private CudaFlatBuffers buffers;

    private CudaDevice(Device device, Gpu gpu, CudaQueue queue) {
        this.device = device;
        this.gpu = gpu;
        this.queue = queue;
    }

    /**
     * Opens a GPU and compiles the kernels for it.
     *
     * @param computeType float32 or bfloat16
     * @throws io.rootstock.cuda.CudaMissingException if the driver, the GPU or NVRTC is missing
     */
    public static CudaDevice open(Device device, DType computeType) {
        Gpu gpu = Gpu.open(device.index());
        Tensor.emptyOn(device, DType.UINT8, 1).close(); // initializes libtorch's CUDA context
        String[] options = CudaSource.options(computeType).toArray(String[]::new);
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
    public ComputeDevice.DeviceKernels kernels(
            ModelShape shape, DType masterType, DType computeType, RotaryTable rotary) {
        kernels = new CudaKernels(queue, shape, computeType);
        owned.add(kernels);
        return new ComputeDevice.DeviceKernels(kernels, new CudaAttention(queue, shape, computeType, rotary));
    }

    @Override
    public WeightBuffer weights(ParameterLayout layout, DType masterType, DType computeType) {
        Tensor master = managed(layout.elements());
        Tensor compute = computeType == masterType ? master : Tensor.zeros(computeType, layout.elements());
        return new WeightBuffer(layout, master, compute);
    }

    @Override
    public FlatBuffers buffers(ParameterLayout layout, DType masterType, DType computeType, int replicas) {
        buffers = new CudaFlatBuffers(
                queue,
                weights(layout, masterType, computeType),
                managed(layout.elements()),
                managed(layout.elements()));
        return buffers;
    }

    /** A float32 tensor in managed memory, which the host initializes, saves and exports. */
    private Tensor managed(long elements) {
        ManagedMemory memory = ManagedMemory.allocate(elements * Float.BYTES);
        owned.addFirst(memory); // closed after the tensors
        return Tensor.ofMemory(device, DType.FLOAT32, memory.segment().address(), elements);
    }

    @Override
    public Collectives gradientCollectives(Collectives processes) {
        if (processes.size() == 1) {
            return processes;
        }
        gpu.use();
        Collectives nccl = NcclCollectives.join(processes, queue.stream());
        owned.add(nccl);
        return nccl;
    }

    @Override
    public Optional<StepRunner> stepRunner(
            ModelShape shape, Tuning tuning, int processes, Llama model, ModelTensors gradients, Workspace workspace) {
        StepGraph graph = new StepGraph(
                new StepGraph.Setup(shape, tuning, processes),
                queue,
                model,
                gradients,
                buffers,
                kernels.losses(),
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
