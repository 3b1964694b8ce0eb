package io.rootstock.trainer.run;

import io.rootstock.trainer.process.ContainerMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A worker process on this machine: a process started by this service, which may not hold the run's lock yet, or any process
 * that holds the lock.
 */
public final class ProcessWorker implements WorkerHandle {
    /** Starts worker processes on this machine. */
    @FunctionalInterface
    public interface Launcher {
        /**
         * Starts a worker of a run. The worker may outlive this process.
         *
         * @param ranks number of processes; the returned process ends if one of them fails
         */
        Process launch(RunDirectory directory, int ranks);
    }

    private static final Path KERNEL_STATISTICS = Path.of("/proc/vmstat");
    private static final String KERNEL_KILLS = "oom_kill ";

    private final RunDirectory directory;
    private final Optional<Process> process;
    /** {@link #kernelKills} before the start of the worker. */
    private final long kernelKillsBefore;
    /** Bytes that earlier workers wrote to the output file. */
    private final long outputStart;

    private ProcessWorker(RunDirectory directory, Optional<Process> process, long kernelKillsBefore, long outputStart) {
        this.directory = directory;
        this.process = process;
        this.kernelKillsBefore = kernelKillsBefore;
        this.outputStart = outputStart;
    }

    /** Starts a worker. */
    public static ProcessWorker start(Launcher launcher, RunDirectory directory, int ranks) {
        long outputStart = directory.workerErrors().toFile().length();
        long kernelKills = kernelKills();
        return new ProcessWorker(directory, Optional.of(launcher.launch(directory, ranks)), kernelKills, outputStart);
    }

    /** The process that holds the run's lock, if any. */
    static ProcessWorker holder(RunDirectory directory) {
        return new ProcessWorker(directory, Optional.empty(), 0, 0);
    }

    /** The process that this service started. */
    public Optional<Process> process() {
        return process;
    }

    @Override
    public boolean isAlive() {
        return process.filter(Process::isAlive).isPresent() || !WorkerLock.isFree(directory.lock());
    }

    @Override
    public void stop() {
        worker().ifPresent(ProcessHandle::destroy);
    }

    @Override
    public void kill() {
        worker().ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public Optional<Integer> exitCode() {
        return process.filter(started -> !started.isAlive()).map(Process::exitValue);
    }

    /** Whether the OOM killer has ended a process since the worker started. */
    @Override
    public boolean killedForMemory() {
        return process.isPresent() && kernelKills() > kernelKillsBefore;
    }

    @Override
    public String output() {
        Path file = directory.workerErrors();
        try {
            byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int from = (int) Math.min(outputStart, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(its output cannot be read: " + e + ")";
        }
    }

    @Override
    public long localBytes() {
        return worker().map(handle -> ContainerMemory.residentBytes(handle.pid()))
                .orElse(0L);
    }

    @Override
    public String description() {
        return worker().map(handle -> "process " + handle.pid()).orElse("no process");
    }

    /**
     * Prefers the holder of the lock: of several processes it writes the checkpoint, and their launcher kills the others when it
     * exits.
     */
    private Optional<ProcessHandle> worker() {
        return WorkerLock.holder(directory.lock())
                .or(() -> process.filter(Process::isAlive).map(Process::toHandle));
    }

    /** Number of processes that the kernel's OOM killer ended since boot, in this machine and its containers; 0 if unknown. */
    private static long kernelKills() {
        try (Stream<String> lines = Files.lines(KERNEL_STATISTICS)) {
            return lines.filter(line -> line.startsWith(KERNEL_KILLS))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(KERNEL_KILLS.length()).strip()))
                    .sum();
        } catch (IOException | UncheckedIOException notLinux) {
            return 0;
        }
    }
}
