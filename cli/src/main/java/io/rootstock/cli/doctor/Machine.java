package io.rootstock.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The machine to check.
 *
 * @param system folder that holds {@code proc}, {@code sys} and {@code dev}; {@code /} but in tests
 * @param javaHome folder of the Java runtime of the services; empty if none was found
 * @param environment environment variables
 * @param now time of the clock
 * @param leastDisk bytes of disk space below which nothing works
 */
public record Machine(
        Path system, Optional<Path> javaHome, Map<String, String> environment, Instant now, long leastDisk) {
    private static final long MIN_DISK = 1L << 30;

    /** The machine of this process, with its root directory and environment. */
    public static Machine current(Optional<Path> javaHome) {
        return new Machine(Path.of("/"), javaHome, System.getenv(), Instant.now(), MIN_DISK);
    }

    /** Lines of a file below {@link #system}; none if it cannot be read. */
    List<String> lines(String file) {
        try {
            return Files.readAllLines(system.resolve(file));
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** Value of an environment variable; empty if it is not set or blank. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
