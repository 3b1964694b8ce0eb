package io.rootstock.cli.installation;

import java.nio.file.Path;

/** A packaged service: a jar, which runs on a Java runtime, or a native executable. */
sealed interface Program {
    /** The file to start. Its modification time identifies the build. */
    Path file();

    /**
     * An application of jars.
     *
     * @param file its {@code quarkus-run.jar}
     */
    record Jar(Path file) implements Program {}

    /**
     * An executable that needs no Java runtime.
     *
     * @param file the executable
     */
    record Executable(Path file) implements Program {}
}
