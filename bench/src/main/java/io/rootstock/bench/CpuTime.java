package io.rootstock.bench;

import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProcessRecord;
import io.rootstock.cli.installation.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** CPU seconds (user and system) of processes with their finished child processes, as Linux counts them (proc(5)). */
public final class CpuTime {
    private static final double TICKS_PER_SECOND = 100;
    /** Position of utime after the command's name, followed by stime, cutime and cstime. */
    private static final int USER_TIME = 11;

    private CpuTime() {}

    /** CPU seconds of this process and its finished children. */
    public static double own() throws IOException {
        return seconds("self");
    }

    /** CPU seconds of all running services, with the workers that have ended. */
    public static double of(Installation installation) throws IOException {
        double seconds = 0;
        for (Service service : Service.values()) {
            Optional<ProcessRecord> process = installation.running(service);
            if (process.isPresent()) {
                seconds += seconds(Long.toString(process.get().pid()));
            }
        }
        return seconds;
    }

    private static double seconds(String process) throws IOException {
        String line = Files.readString(Path.of("/proc", process, "stat"));
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        double ticks = 0;
        for (int field = USER_TIME; field < USER_TIME + 4; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks / TICKS_PER_SECOND;
    }
}
