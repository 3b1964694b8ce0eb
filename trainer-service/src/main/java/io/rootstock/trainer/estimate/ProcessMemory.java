package io.rootstock.trainer.estimate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process, as reported by the kernel. */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long KILOBYTE = 1024;

    private ProcessMemory() {}

    /** Current resident bytes; 0 if unknown. */
    public static long resident() {
        return read("VmRSS:");
    }

    /** Peak resident bytes; 0 if unknown. */
    public static long peak() {
        return read("VmHWM:");
    }

    private static long read(String name) {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KILOBYTE)
                    .findFirst()
                    .orElse(0);
        } catch (IOException notLinux) {
            return 0;
        }
    }
}
