package io.rootstock.trainer.engine.cuda;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Samples;
import io.rootstock.trainer.engine.aten.AtenKernels;
import io.rootstock.trainer.engine.aten.AtenRotation;
import io.rootstock.trainer.engine.aten.FlashAttention;
import io.rootstock.trainer.engine.device.ComputeDevice;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.Llama;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Rotation;
import io.rootstock.trainer.engine.model.Tuning;
import java.util.List;

/** A model of {@link Samples} over any kernels, in main memory. */
record HostModel(Llama model, ModelTensors gradients, Tensor flat, RotaryTable rotary) implements AutoCloseable {
    /** The GPU's kernels with libtorch's attention for the CPU; libtorch's operators if the calls are null. */
    static ComputeDevice.DeviceKernels kernels(
            CudaCalls cuda, ModelShape shape, DType computeType, RotaryTable rotary) {
        Kernels kernels = cuda == null
                ? new AtenKernels(shape, DType.FLOAT32, computeType)
                : new CudaKernels(cuda, shape, computeType);
        Rotation rotation = cuda == null
                ? new AtenRotation(shape, DType.FLOAT32, computeType, rotary)
                : new CudaRotation(cuda, shape, computeType, DType.FLOAT32, rotary);
        return new ComputeDevice.DeviceKernels(kernels, new FlashAttention(shape, kernels, rotation));
    }

    /** Creates a model whose tensors belong to the caller's scope. */
    static HostModel of(ModelShape shape, DType computeType, CudaCalls cuda) {
        Tuning tuning = new Tuning.Full();
        ParameterLayout layout = ParameterLayout.trained(shape, tuning);
        Tensor master = Tensor.empty(DType.FLOAT32, layout.elements());
        try (Engine samples = Samples.engine(shape, DType.FLOAT32, computeType, false, 1)) {
            master.memory().copyFrom(samples.masterWeights());
        }
        Tensor compute = computeType == DType.FLOAT32 ? master : Operators.CONVERT.call(master, computeType);
        Tensor flat = Tensor.zeros(DType.FLOAT32, layout.elements());
        RotaryTable rotary = RotaryTable.of(shape, DType.FLOAT32);
        ComputeDevice.DeviceKernels device = kernels(cuda, shape, computeType, rotary);
        Llama model = new Llama(
                shape,
                ModelTensors.of(shape, tuning, List.of(new ModelTensors.Buffers(layout, master, compute))),
                device.kernels(),
                device.attention(),
                DType.FLOAT32,
                computeType,
                Recomputation.NONE);
        ModelTensors gradients = ModelTensors.of(shape, tuning, List.of(new ModelTensors.Buffers(layout, flat, flat)));
        return new HostModel(model, gradients, flat, rotary);
    }

    @Override
    public void close() {
        rotary.close();
    }
}
