package io.rootstock.dist;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Outputs of the build that a download consists of.
 *
 * @param project root of the project
 * @param platform platform of the native files
 * @param runtime Java runtime, made by jlink
 * @param sources {@code src.zip} of the JDK, which the demo reads
 * @param repository local Maven repository, with the POMs of all jars
 * @param commandLine native executable of the command line, if built
 * @param inference native executable of the inference service, if built
 * @param time time of the commit
 */
record Inputs(
        Path project,
        Platform platform,
        Path runtime,
        Path sources,
        Path repository,
        Optional<Path> commandLine,
        Optional<Path> inference,
        Instant time) {
    Path module(String name) {
        return project.resolve(name).resolve("target");
    }
}
