package io.rootstock.trainer.plan;

import com.sun.management.OperatingSystemMXBean;
import io.rootstock.cuda.Gpu;
import io.rootstock.torch.Device;
import io.rootstock.trainer.engine.DeviceChoice;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Properties of the machine of a run's processes that the automatic choices depend on; of several equal machines if each process
 * has its own, such as its pod.
 *
 * @param name name of the processor or GPU, such as {@code AMD EPYC, 2 cores}
 * @param cores CPU cores of each machine
 * @param bfloat16 whether the processor multiplies bfloat16 in hardware (avx512_bf16 or amx_bf16)
 * @param gpu whether training runs on a GPU, which {@code name} then names
 * @param memoryBytes memory of each machine or its container; 0 if unknown or a GPU
 * @param count number of machines
 */
public record Machine(String name, int cores, boolean bfloat16, boolean gpu, long memoryBytes, int count) {
    /** System property with the number of equal machines of the run's processes; not set: 1. */
    public static final String COUNT = "rootstock.trainer.machines";

    private static final Path CPU_INFORMATION = Path.of("/proc/cpuinfo");

    /** Creates one machine. */
    public Machine(String name, int cores, boolean bfloat16, boolean gpu, long memoryBytes) {
        this(name, cores, bfloat16, gpu, memoryBytes, 1);
    }

    /** Creates a machine that trains on its CPU, with unknown memory. */
    public Machine(String name, int cores, boolean bfloat16) {
        this(name, cores, bfloat16, false, 0);
    }

    /** Creates a machine with unknown memory. */
    public Machine(String name, int cores, boolean bfloat16, boolean gpu) {
        this(name, cores, bfloat16, gpu, 0);
    }

    /** Reads the properties of this machine, and the number of machines. */
    public static Machine here() {
        return one().times(Integer.getInteger(COUNT, 1));
    }

    /** Returns several machines like this one. */
    Machine times(int machines) {
        return new Machine(name, cores, bfloat16, gpu, memoryBytes, machines);
    }

    private static Machine one() {
        int cores = Runtime.getRuntime().availableProcessors();
        Device device = DeviceChoice.here();
        if (device.type() == Device.Type.CUDA) {
            return new Machine(Gpu.name(device.index()), cores, true, true);
        }
        try {
            Machine machine = parse(Files.readAllLines(CPU_INFORMATION), cores);
            return new Machine(machine.name(), cores, machine.bfloat16(), false, memory());
        } catch (IOException noSuchFile) {
            return new Machine(System.getProperty("os.arch") + ", " + cores + " cores", cores, false, false, memory());
        }
    }

    /** Memory of the container if there is one, otherwise of the machine. */
    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /** Cores for each of several processes, at least 1. */
    public int coresOfProcess(int processes) {
        return Math.max(1, cores * count / processes);
    }

    /** Threads on each machine of {@code threads} on all. */
    public int threadsOfEach(int threads) {
        return Math.max(1, threads / count);
    }

    /** Memory of all machines together; 0 if unknown. */
    long allMemoryBytes() {
        return memoryBytes * count;
    }

    static Machine parse(List<String> cpuInformation, int cores) {
        String model = System.getProperty("os.arch");
        boolean bfloat16 = false;
        for (String line : cpuInformation) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String value = line.substring(colon + 1).strip();
            if (line.startsWith("model name")) {
                model = value;
            } else if (line.startsWith("flags")) {
                List<String> flags = List.of(value.split(" "));
                bfloat16 = flags.contains("avx512_bf16") || flags.contains("amx_bf16");
            }
        }
        return new Machine(model + ", " + cores + (cores == 1 ? " core" : " cores"), cores, bfloat16);
    }
}
