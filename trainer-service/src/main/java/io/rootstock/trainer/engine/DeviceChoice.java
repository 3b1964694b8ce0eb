package io.rootstock.trainer.engine;

import io.rootstock.cuda.Gpu;
import io.rootstock.torch.Device;
import io.rootstock.torch.Torch;
import io.rootstock.trainer.engine.cpu.CpuDevice;
import io.rootstock.trainer.engine.cuda.CudaDevice;
import io.rootstock.trainer.engine.device.ComputeDevice;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.function.IntSupplier;

/**
 * Selects and opens the device of a process: a GPU if {@code ROOTSTOCK_LIBTORCH} names a libtorch for CUDA and the machine
 * has a GPU, otherwise the CPU. {@code ROOTSTOCK_DEVICE} overrides the choice with {@code cpu}, {@code cuda} or {@code
 * cuda:N}. Several processes of a run on one machine use one GPU each.
 */
public final class DeviceChoice {
    private static final String VARIABLE = "ROOTSTOCK_DEVICE";
    private static final String CUDA = "cuda";

    private DeviceChoice() {}

    /** Selects this process's device. */
    public static Device here() {
        String rank = System.getenv("MPI_LOCALRANKID"); // set by Hydra: index of the process on its machine
        return choose(System.getenv(VARIABLE), Torch.cuda(), Gpu::count, rank == null ? 0 : Integer.parseInt(rank));
    }

    /**
     * The execution, moved to this process's device. Muon is not supported on a GPU and stays on the CPU.
     *
     * @throws IllegalArgumentException if {@code ROOTSTOCK_DEVICE} requests a GPU that is not available or unsuitable
     */
    public static Execution place(Execution execution, Optimizer.Settings optimizer) {
        Device device = here();
        if (device.type() == Device.Type.CPU) {
            return execution;
        }
        if (optimizer.muon().isPresent()) {
            if (System.getenv(VARIABLE) == null) {
                return execution;
            }
            throw new IllegalArgumentException(
                    VARIABLE + " requests a GPU, where Muon is not supported: choose AdamW or " + VARIABLE + "=cpu");
        }
        return execution.on(device);
    }

    /** Opens the device of an execution. */
    static ComputeDevice open(Execution execution) {
        return switch (execution.device().type()) {
            case CPU -> new CpuDevice(execution.vectorKernels());
            case CUDA -> CudaDevice.open(execution.device(), execution.computeType());
        };
    }

    static Device choose(String requested, boolean cudaLibtorch, IntSupplier gpus, int localRank) {
        String name = requested == null ? "" : requested.strip();
        if (name.equals("cpu") || (name.isEmpty() && !cudaLibtorch)) {
            return Device.CPU;
        }
        if (!name.isEmpty() && !name.equals(CUDA) && !name.matches("cuda:\\d{1,4}")) {
            throw new IllegalArgumentException(VARIABLE + " must be cpu, cuda or cuda:N, was " + name);
        }
        int count = gpus.getAsInt();
        if (name.isEmpty() && count == 0) {
            return Device.CPU;
        }
        if (!cudaLibtorch) {
            throw new IllegalArgumentException(
                    VARIABLE + " requests a GPU, but ROOTSTOCK_LIBTORCH names no libtorch for CUDA");
        }
        int index = name.startsWith(CUDA + ":") ? Integer.parseInt(name.substring(CUDA.length() + 1)) : localRank;
        if (index >= count) {
            throw new IllegalArgumentException("there is no GPU " + index + " among " + count + " for this process; "
                    + VARIABLE + " and the number of ranks must fit the machine");
        }
        return Device.cuda(index);
    }
}
