package io.rootstock.cli.doctor;

import io.rootstock.cli.display.Format;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Free memory, and the limit of the control group, such as a container's. */
record MemoryCheck(Machine machine) implements Check {
    private static final String NAME = "memory";
    /** Heaps of the five services after a start, and PostgreSQL. */
    private static final long REQUIRED = 1L << 30;

    private static final long RECOMMENDED = 4L << 30;
    private static final long BYTES_PER_KIBIBYTE = 1024;

    @Override
    public List<Finding> run() {
        OptionalLong available = available();
        if (available.isEmpty()) {
            return List.of(Finding.warning(NAME, "free memory is unknown", "check that /proc is mounted"));
        }
        long least =
                LongStream.concat(available.stream(), limit().stream()).min().orElseThrow();
        String found = Format.bytes(least) + " of memory available";
        if (least >= RECOMMENDED) {
            return List.of(Finding.ok(NAME, found));
        }
        String needed = found + "; the services and a small training run need " + Format.bytes(RECOMMENDED);
        String hint = "end other programs, or raise the memory of the machine or container";
        return List.of(least < REQUIRED ? Finding.error(NAME, needed, hint) : Finding.warning(NAME, needed, hint));
    }

    private OptionalLong available() {
        return machine.lines("proc/meminfo").stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .filter(digits -> !digits.isEmpty())
                .mapToLong(digits -> Long.parseLong(digits) * BYTES_PER_KIBIBYTE)
                .findFirst();
    }

    /** Limit of the control group; empty without one. */
    private OptionalLong limit() {
        return machine.lines("sys/fs/cgroup/memory.max").stream()
                .filter(line -> line.matches("[0-9]{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }
}
