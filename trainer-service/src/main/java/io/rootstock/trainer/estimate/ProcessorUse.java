package io.rootstock.trainer.estimate;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * CPU seconds used on this machine since its start, as Linux counts them in {@code /proc/stat} (proc(5)).
 *
 * @param nanos {@link System#nanoTime} of the reading
 * @param processors CPUs of the machine; 0 if unknown
 * @param normal seconds of threads with nice values of 0 or less, of the kernel and of other virtual machines
 * @param low seconds of threads with nice values above 0
 * @param own seconds of this process
 */
record ProcessorUse(long nanos, int processors, double normal, double low, double own) {
    private static final Path STATISTICS = Path.of("/proc/stat");
    private static final double TICKS_PER_SECOND = 100;
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(500);
    private static final double NANOS_PER_SECOND = 1e9;

    /** Reads the current values. */
    static ProcessorUse now() {
        try {
            return parse(Files.readAllLines(STATISTICS), System.nanoTime(), ownSeconds());
        } catch (IOException notLinux) {
            return new ProcessorUse(System.nanoTime(), 0, 0, 0, 0);
        }
    }

    static ProcessorUse parse(List<String> statistics, long nanos, double own) {
        // cpu user nice system idle iowait irq softirq steal
        String[] ticks = statistics.getFirst().split(" +", -1);
        double normal = ticks(ticks, 1) + ticks(ticks, 3) + ticks(ticks, 6) + ticks(ticks, 7) + ticks(ticks, 8);
        long processors =
                statistics.stream().filter(line -> line.matches("cpu\\d.*")).count();
        return new ProcessorUse(nanos, (int) processors, normal, ticks(ticks, 2), own);
    }

    private static double ticks(String[] fields, int index) {
        return Long.parseLong(fields[index]) / TICKS_PER_SECOND;
    }

    private static double ownSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime() / NANOS_PER_SECOND
                : 0;
    }

    /** Share of a number of CPUs, 0 to 1, that threads of normal priority of other processes leave in half a second. */
    static double freeShare(int threads) {
        ProcessorUse before = now();
        LockSupport.parkNanos(WINDOW);
        ProcessorUse after = now();
        return before.freeShare(after, threads, after.normal - before.normal - (after.own - before.own));
    }

    /** Share of a number of CPUs, 0 to 1, that other processes have left this one since this reading. */
    double freeShareSince(int threads) {
        ProcessorUse after = now();
        return freeShare(after, threads, after.normal + after.low - normal - low - (after.own - own));
    }

    double freeShare(ProcessorUse after, int threads, double others) {
        double seconds = (after.nanos - nanos) / NANOS_PER_SECOND;
        if (processors == 0 || seconds <= 0) {
            return 1;
        }
        double free = processors - Math.max(0, others) / seconds;
        return Math.clamp(free / threads, 0.0, 1.0);
    }
}
