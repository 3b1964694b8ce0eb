package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import java.util.List;

/** A model of {@link Samples} over kernels of any kind, in main memory. */
record HostModel(Llama model, ModelTensors gradients, Tensor flat, RotaryTable rotary) implements AutoCloseable {
    /** The GPU's kernels through these calls, with libtorch's attention of a processor; without calls, libtorch's operators. */
    static ComputeDevice.Parts parts(CudaCalls cuda, ModelShape shape, DType product, RotaryTable rotary) {
        Kernels kernels =
                cuda == null ? new AtenKernels(shape, DType.FLOAT32, product) : new CudaKernels(cuda, shape, product);
        Rotation rotation = cuda == null
                ? new AtenRotation(shape, DType.FLOAT32, product, rotary)
                : new CudaRotation(cuda, shape, product, DType.FLOAT32, rotary);
        return new ComputeDevice.Parts(kernels, new FlashAttention(shape, kernels, rotation));
    }

    /** Its tensors belong to the caller's scope. */
    static HostModel of(ModelShape shape, DType product, CudaCalls cuda) {
        Tuning tuning = new Tuning.Full();
        ParameterLayout layout = ParameterLayout.trained(shape, tuning);
        Tensor master = Tensor.empty(DType.FLOAT32, layout.elements());
        try (Engine samples = Samples.engine(shape, DType.FLOAT32, product, false, 1)) {
            master.memory().copyFrom(samples.masterWeights());
        }
        Tensor products = product == DType.FLOAT32 ? master : Operators.CONVERT.call(master, product);
        Tensor flat = Tensor.zeros(DType.FLOAT32, layout.elements());
        RotaryTable rotary = RotaryTable.of(shape, DType.FLOAT32);
        ComputeDevice.Parts parts = parts(cuda, shape, product, rotary);
        Llama model = new Llama(
                shape,
                ModelTensors.of(shape, tuning, List.of(new ModelTensors.Buffers(layout, master, products))),
                parts.kernels(),
                parts.attention(),
                DType.FLOAT32,
                product,
                Recomputation.NONE);
        ModelTensors gradients = ModelTensors.of(shape, tuning, List.of(new ModelTensors.Buffers(layout, flat, flat)));
        return new HostModel(model, gradients, flat, rotary);
    }

    @Override
    public void close() {
        rotary.close();
    }
}
