package io.rootstock.trainer.plan;

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
 */
public record Machine(String name, int cores, boolean bfloat16) {
    private static final Path CPU_INFORMATION = Path.of("/proc/cpuinfo");

    /** Reads this machine. */
    public static Machine here() {
        int cores = Runtime.getRuntime().availableProcessors();
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
