package io.rootstock.inference.grpc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process, as reported by Linux: heap, native weights and caches. */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String LINE = "VmRSS:";

    private ResidentMemory() {}

    /** Resident bytes; 0 if unknown. */
    static long bytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(LINE)) {
                    // VmRSS:     12345 kB
                    return 1024
                            * Long.parseLong(line.substring(LINE.length())
                                    .replace("kB", "")
                                    .strip());
                }
            }
        } catch (IOException _) {
            // Not Linux.
        }
        return 0;
    }
}
