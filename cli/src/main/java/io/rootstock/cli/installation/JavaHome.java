package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the Java runtime that runs the services: the one of this program, or, in a native executable, JAVA_HOME. */
public final class JavaHome {
    private JavaHome() {}

    /** Returns the folder that holds {@code bin/java}. */
    public static Path find() {
        return search().orElseThrow(() -> new CliException(
                "no Java runtime found",
                "install a JDK 25 (Debian: apt install openjdk-25-jdk) and set JAVA_HOME to its folder"));
    }

    /** Returns the folder that holds {@code bin/java}; empty if there is none. */
    public static Optional<Path> search() {
        return candidates().filter(home -> Files.isExecutable(java(home))).findFirst();
    }

    /** The {@code java} program of a runtime. */
    public static Path java(Path home) {
        return home.resolve("bin").resolve("java");
    }

    private static Stream<Path> candidates() {
        return Stream.of(
                        Optional.ofNullable(System.getProperty("java.home")),
                        Optional.ofNullable(System.getenv("JAVA_HOME")))
                .flatMap(Optional::stream)
                .filter(home -> !home.isBlank())
                .map(Path::of);
    }
}
