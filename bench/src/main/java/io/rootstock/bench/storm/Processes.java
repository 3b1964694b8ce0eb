package io.rootstock.bench.storm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Processes of this machine, as {@code /proc} shows them. */
final class Processes {
    private static final String WORKER_CLASS = "io.rootstock.trainer.worker.Worker";

    private Processes() {}

    static Stream<Long> all() {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid);
    }

    /** Whether the process has this working directory. */
    static boolean worksIn(long pid, Path directory) {
        try {
            return Files.readSymbolicLink(proc(pid).resolve("cwd")).equals(directory);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Returns the worker processes of runs below a directory. */
    static List<Long> workers(Path runs) {
        return all().filter(pid -> run(pid, runs).isPresent()).toList();
    }

    /** Returns the directory of the run that a worker process trains; empty for other processes. */
    static Optional<Path> run(long pid, Path runs) {
        List<String> arguments = arguments(pid);
        int main = arguments.indexOf(WORKER_CLASS);
        return main < 0 || main + 1 >= arguments.size()
                ? Optional.empty()
                : Optional.of(Path.of(arguments.get(main + 1))).filter(run -> run.startsWith(runs));
    }

    /** Whether the process has the file open. */
    static boolean holds(long pid, Path file) {
        try (Stream<Path> descriptors = Files.list(proc(pid).resolve("fd"))) {
            return descriptors.anyMatch(descriptor -> isLink(descriptor, file));
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean isLink(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (IOException closed) {
            return false;
        }
    }

    private static List<String> arguments(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(proc(pid).resolve("cmdline"));
            return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static Path proc(long pid) {
        return Path.of("/proc", Long.toString(pid));
    }
}
