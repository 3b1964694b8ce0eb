package io.rootstock.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Content of {@code postmaster.pid} in a data directory: the server that runs, or ran, there.
 *
 * @param pid process id of the server
 * @param port TCP port; empty early in the server's start
 * @param ready whether the server accepts connections
 */
record Postmaster(long pid, OptionalInt port, boolean ready) {
    private static final int LINE_PID = 0;
    private static final int LINE_PORT = 3;
    private static final int LINE_STATUS = 7;

    /** Reads the file; empty if it does not exist. */
    static Optional<Postmaster> read(Path data) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file(data), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new PostgresException("cannot read " + file(data), e);
        }
        if (lines.isEmpty() || lines.get(LINE_PID).isBlank()) {
            return Optional.empty();
        }
        long pid = Long.parseLong(lines.get(LINE_PID).strip());
        OptionalInt port = lines.size() > LINE_PORT && !lines.get(LINE_PORT).isBlank()
                ? OptionalInt.of(Integer.parseInt(lines.get(LINE_PORT).strip()))
                : OptionalInt.empty();
        boolean ready =
                lines.size() > LINE_STATUS && lines.get(LINE_STATUS).strip().equals("ready");
        return Optional.of(new Postmaster(pid, port, ready));
    }

    static Path file(Path data) {
        return data.resolve("postmaster.pid");
    }

    /**
     * Returns true if the process is alive and is the server of this data directory. After a restart of the machine or
     * the container, another program may have the pid; a killed server may be a zombie that its parent never reaps.
     */
    boolean runs(Path data) {
        List<String> arguments = commandLine(pid);
        return !arguments.isEmpty() && arguments.getFirst().endsWith("postgres") && arguments.contains(data.toString());
    }

    /** Returns true if a process, such as a child of a killed server, has the data directory as working directory. */
    static boolean childrenLeft(Path data) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .anyMatch(process -> worksIn(process, data));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean worksIn(Path process, Path data) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(data);
        } catch (IOException goneOrForbidden) {
            return false;
        }
    }

    private static List<String> commandLine(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }
}
