package io.rootstock.trainer.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Memory of this process's container (cgroup v2). Where the kernel ends all processes of a container together if its memory
 * runs out ({@code memory.oom.group}, as Kubernetes sets it since version 1.28), the service must end a worker before.
 *
 * @param cgroup directory of the control group
 */
public record ContainerMemory(Path cgroup) {
    /** Share of the limit above which a worker must end. A run's estimate may use 85 %. */
    private static final double FULL = 0.97;

    private static final String RESIDENT = "VmRSS:";
    private static final String UNLIMITED = "max";
    /** Pages of files that the kernel can release; Kubernetes does not count them as used, either. */
    private static final String RECLAIMABLE = "inactive_file ";

    /** The container of this process. */
    public static ContainerMemory here() {
        return new ContainerMemory(Path.of("/sys/fs/cgroup"));
    }

    /** Whether the kernel would soon end all processes of the container; false without a limit or without cgroup v2. */
    public boolean isNearlyFull() {
        try {
            String limit = read("memory.max");
            return read("memory.oom.group").equals("1")
                    && !limit.equals(UNLIMITED)
                    && Long.parseLong(read("memory.current")) - reclaimable() > FULL * Long.parseLong(limit);
        } catch (IOException noLimit) {
            return false;
        }
    }

    /** Resident memory of a process; 0 if it has ended. */
    public static long residentBytes(long process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process), "status"))) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (IOException | UncheckedIOException ended) {
            return 0;
        }
    }

    private long reclaimable() throws IOException {
        return read("memory.stat")
                .lines()
                .filter(line -> line.startsWith(RECLAIMABLE))
                .mapToLong(line -> Long.parseLong(line.substring(RECLAIMABLE.length())))
                .sum();
    }

    private String read(String name) throws IOException {
        return Files.readString(cgroup.resolve(name)).strip();
    }
}
