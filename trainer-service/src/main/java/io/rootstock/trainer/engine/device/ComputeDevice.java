package io.rootstock.trainer.engine.device;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.collectives.Collectives;
import io.rootstock.torch.DType;
import io.rootstock.torch.Workspace;
import io.rootstock.trainer.engine.model.Attention;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.Llama;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.model.WeightBuffer;
import java.util.Optional;

/** Hardware that replicas compute on: its kernels, its memory, and the frame of each task. */
public interface ComputeDevice extends AutoCloseable {
    /** A device's operations for one model. */
    record DeviceKernels(Kernels kernels, Attention attention) {}

    /** Prepares the calling replica thread for a task. */
    void enter();

    /** Ends a task of the calling replica thread; returns when all work that the task started is complete. */
    void leave();

    /** Kernels and attention for a model. */
    DeviceKernels kernels(ModelShape shape, DType masterType, DType computeType, RotaryTable rotary);

    /** Allocates weights of a layout, all zero. */
    WeightBuffer weights(ParameterLayout layout, DType masterType, DType computeType);

    /** Allocates trained weights, gradients and optimizer state of a layout, all zero. */
    FlatBuffers buffers(ParameterLayout layout, DType masterType, DType computeType, int replicas);

    /** Collectives that sum gradients in this device's memory over the processes. */
    Collectives gradientCollectives(Collectives processes);

    /**
     * A runner for whole training steps, if the device has one. It uses the kernels and buffers that this device created
     * last.
     *
     * @param shape hyperparameters of the model
     * @param tuning selects the trained parameters
     * @param processes number of processes that train together
     * @param model the model over this device's kernels
     * @param gradients gradients of the first replica
     * @param workspace memory of the first replica's intermediate tensors
     */
    Optional<StepRunner> stepRunner(
            ModelShape shape, Tuning tuning, int processes, Llama model, ModelTensors gradients, Workspace workspace);

    @Override
    void close();
}
