package io.rootstock.service;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Class path of a service, for worker processes with its classes. */
public final class OwnClassPath {
    private static final String PACKAGED = "quarkus-run.jar";

    private OwnClassPath() {}

    /** Returns the class path of this process or, in a packaged service, its jars. */
    public static String text() {
        String own = System.getProperty("java.class.path");
        Path first = Path.of(own.split(File.pathSeparator, -1)[0]);
        return first.endsWith(PACKAGED) ? jars(first.toAbsolutePath().getParent()) : own;
    }

    private static String jars(Path folder) {
        List<Path> jars = new ArrayList<>();
        for (String part : List.of("app", "lib/boot", "lib/main")) {
            try (Stream<Path> files = Files.list(folder.resolve(part))) {
                files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list the service's jars in " + folder, e);
            }
        }
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
