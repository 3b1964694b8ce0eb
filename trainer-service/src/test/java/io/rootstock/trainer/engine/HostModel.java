package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import java.util.List;

/** A model of {@link Samples} over kernels of any kind, in main memory. */
record HostModel(Llama model, ModelTensors gradients, Tensor flat, RotaryTable rotary) implements AutoCloseable {
    /** Makes kernels for a rotary table. */
    @FunctionalInterface
    interface KernelsOf {
        Kernels of(RotaryTable rotary);
    }

    /** Its tensors belong to the caller's scope. */
    static HostModel of(ModelShape shape, DType product, KernelsOf kernelsOf) {
        Tuning tuning = new Tuning.Full();
        ParameterLayout layout = ParameterLayout.trained(shape, tuning);
        Tensor master = Tensor.empty(DType.FLOAT32, layout.elements());
        try (Engine samples = Samples.engine(shape, DType.FLOAT32, product, false, 1)) {
            master.memory().copyFrom(samples.masterWeights());
        }
        Tensor products = product == DType.FLOAT32 ? master : Operators.CONVERT.call(master, product);
        Tensor flat = Tensor.zeros(DType.FLOAT32, layout.elements());
        RotaryTable rotary = RotaryTable.of(shape, DType.FLOAT32);
        Kernels kernels = kernelsOf.of(rotary);
        Llama model = new Llama(
                shape,
                ModelTensors.of(shape, tuning, List.of(new ModelTensors.Buffers(layout, master, products))),
                kernels,
                new FlashAttention(shape, kernels),
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
