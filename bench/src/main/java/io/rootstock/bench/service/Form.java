package io.rootstock.bench.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Packaging of the inference service. */
public enum Form {
    JVM("jar"),
    AOT("jar and AOT cache"),
    NATIVE("native executable");

    private static final String APPLICATION = "inference-service/target/quarkus-app";
    private static final String EXECUTABLE = "inference-service/target/native-app/inference-service";

    private final String title;

    Form(String title) {
        this.title = title;
    }

    /** Name in tables. */
    public String title() {
        return title;
    }

    /** Returns the fastest packaging that is built and not older than the jar. */
    public static Form best() {
        Path jar = Path.of(APPLICATION, "quarkus-run.jar");
        if (isNewer(Path.of(EXECUTABLE), jar)) {
            return NATIVE;
        }
        return isNewer(Path.of(APPLICATION, "app.aot"), jar) ? AOT : JVM;
    }

    private static boolean isNewer(Path file, Path than) {
        try {
            return Files.exists(file)
                    && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the command line, to be run in the project's root. */
    public List<String> command(List<String> settings) {
        List<String> command = new ArrayList<>();
        if (this == NATIVE) {
            command.add(EXECUTABLE);
            command.addAll(settings);
            return command;
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (this == AOT) {
            // With "on", an incompatible cache fails the start instead of being ignored.
            command.addAll(List.of("-XX:AOTMode=on", "-XX:AOTCache=" + APPLICATION + "/app.aot"));
        }
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        command.addAll(settings);
        command.addAll(List.of("-jar", APPLICATION + "/quarkus-run.jar"));
        return command;
    }

    /** Size on disk in bytes, without the JDK and llama.cpp's libraries, which all packagings need. */
    public long size() {
        return switch (this) {
            case NATIVE -> length(Path.of(EXECUTABLE));
            case AOT -> size(Path.of(APPLICATION));
            case JVM -> size(Path.of(APPLICATION)) - length(Path.of(APPLICATION, "app.aot"));
        };
    }

    private static long size(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().endsWith(".so"))
                    .mapToLong(Form::length)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
