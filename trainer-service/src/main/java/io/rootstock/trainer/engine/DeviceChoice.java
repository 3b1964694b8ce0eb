package io.rootstock.trainer.engine;

import io.rootstock.cuda.Gpu;
import io.rootstock.torch.Device;
import io.rootstock.torch.Torch;
import java.util.function.IntSupplier;

/**
 * Where a process trains: on a GPU if {@code ROOTSTOCK_LIBTORCH} names a libtorch for CUDA and there is one, otherwise on
 * the CPU; {@code ROOTSTOCK_DEVICE} asks for {@code cpu}, {@code cuda} or {@code cuda:N}. Processes of one run on one
 * machine take one GPU each.
 */
public final class DeviceChoice {
    private static final String VARIABLE = "ROOTSTOCK_DEVICE";
    private static final String CUDA = "cuda";

    private DeviceChoice() {}

    /** This process's device. */
    public static Device here() {
        String rank = System.getenv("MPI_LOCALRANKID"); // Hydra's: the process's number on its machine
        return choose(System.getenv(VARIABLE), Torch.cuda(), Gpu::count, rank == null ? 0 : Integer.parseInt(rank));
    }

    /**
     * The execution on this process's device.
     *
     * @throws IllegalArgumentException if a GPU is asked for that cannot do it
     */
    public static Execution place(Execution execution, OptimizerSettings optimizer) {
        Device device = here();
        if (device.type() == Device.Type.CPU) {
            return execution;
        }
        if (optimizer.muon().isPresent()) {
            if (System.getenv(VARIABLE) == null) {
                return execution;
            }
            throw new IllegalArgumentException(
                    VARIABLE + " asks for a GPU, where Muon is not there yet: choose AdamW or " + VARIABLE + "=cpu");
        }
        return execution.on(device);
    }

    static Device choose(String asked, boolean cudaLibtorch, IntSupplier gpus, int localRank) {
        String wish = asked == null ? "" : asked.strip();
        if (wish.equals("cpu") || (wish.isEmpty() && !cudaLibtorch)) {
            return Device.CPU;
        }
        if (!wish.isEmpty() && !wish.equals(CUDA) && !wish.matches("cuda:\\d{1,4}")) {
            throw new IllegalArgumentException(VARIABLE + " must be cpu, cuda or cuda:N, was " + wish);
        }
        int count = gpus.getAsInt();
        if (wish.isEmpty() && count == 0) {
            return Device.CPU;
        }
        if (!cudaLibtorch) {
            throw new IllegalArgumentException(
                    VARIABLE + " asks for a GPU, but ROOTSTOCK_LIBTORCH names no libtorch for CUDA");
        }
        int index = wish.startsWith(CUDA + ":") ? Integer.parseInt(wish.substring(CUDA.length() + 1)) : localRank;
        if (index >= count) {
            throw new IllegalArgumentException("there is no GPU " + index + " among " + count + " for this process; "
                    + VARIABLE + " and the number of ranks must fit the machine");
        }
        return Device.cuda(index);
    }
}
