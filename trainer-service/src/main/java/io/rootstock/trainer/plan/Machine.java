package io.rootstock.trainer.plan;

import io.rootstock.cuda.Gpu;
import io.rootstock.torch.Device;
import io.rootstock.trainer.engine.DeviceChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What of this machine the automatic choices depend on.
 *
 * @param name processor in words, such as {@code AMD EPYC, 2 cores}
 * @param cores processors this process may use
 * @param bfloat16 whether the processor multiplies bfloat16 in hardware (avx512_bf16 or amx_bf16)
 * @param gpu whether training is its GPU's, whose name that is
 */
public record Machine(String name, int cores, boolean bfloat16, boolean gpu) {
    private static final Path CPU_INFORMATION = Path.of("/proc/cpuinfo");

    /** A machine that trains on its processors. */
    public Machine(String name, int cores, boolean bfloat16) {
        this(name, cores, bfloat16, false);
    }

    /** Reads this machine. */
    public static Machine here() {
        int cores = Runtime.getRuntime().availableProcessors();
        Device device = DeviceChoice.here();
        if (device.type() == Device.Type.CUDA) {
            return new Machine(Gpu.name(device.index()), cores, true, true);
        }
        try {
            return parse(Files.readAllLines(CPU_INFORMATION), cores);
        } catch (IOException noSuchFile) {
            return new Machine(System.getProperty("os.arch") + ", " + cores + " cores", cores, false);
        }
    }

    /** Cores for each of several processes, at least 1. */
    public int coresOfProcess(int processes) {
        return Math.max(1, cores / processes);
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
