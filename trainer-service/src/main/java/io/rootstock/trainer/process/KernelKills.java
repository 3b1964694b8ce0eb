package io.rootstock.trainer.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Counts the processes that the kernel's OOM killer ended, in this machine and its containers. */
public final class KernelKills {
    private static final Path STATISTICS = Path.of("/proc/vmstat");
    private static final String NAME = "oom_kill ";

    private KernelKills() {}

    /** Number of processes killed since boot; 0 if the kernel does not report it. */
    public static long count() {
        try (Stream<String> lines = Files.lines(STATISTICS)) {
            return lines.filter(line -> line.startsWith(NAME))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(NAME.length()).strip()))
                    .sum();
        } catch (IOException | UncheckedIOException notLinux) {
            return 0;
        }
    }
}
