package io.rootstock.registry.database;

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
 * What {@code postmaster.pid} in a data folder says about the server that runs, or ran, there.
 *
 * @param pid process id of the server
 * @param port TCP port; empty while the server has not come that far
 * @param ready whether the server takes connections
 */
record Postmaster(long pid, OptionalInt port, boolean ready) {
    private static final int LINE_PID = 0;
    private static final int LINE_PORT = 3;
    private static final int LINE_STATUS = 7;

    /** What the file says; empty where there is none. */
    static Optional<Postmaster> read(Path data) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file(data), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new DatabaseException("cannot read " + file(data), e);
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

    /** The file's path. */
    static Path file(Path data) {
        return data.resolve("postmaster.pid");
    }

    /**
     * Whether the process is alive and truly the server of this data folder. After a restart of the machine or a
     * container another program may have the number, and a killed server may be a zombie whose parent never asks.
     */
    boolean runs(Path data) {
        List<String> arguments = commandLine(pid);
        return !arguments.isEmpty() && arguments.getFirst().endsWith("postgres") && arguments.contains(data.toString());
    }

    /** Whether a child of a killed server still works on the data folder. */
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
