package io.rootstock.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rights and resource limits of a child process. Besides the named files, the child can read the Java runtime, its
 * class path and the system's libraries.
 *
 * @param readable files and directories that it may read
 * @param writable directory in which it may also create, write and delete files; empty: it can write none
 * @param fileBytes maximum size of a file that it writes
 * @param dataBytes maximum size of its private writable memory, Java heap included; mapped files do not count
 * @param cpu maximum CPU time of all its threads
 */
public record Confinement(List<Path> readable, Optional<Path> writable, long fileBytes, long dataBytes, Duration cpu) {
    /** Options of a confined JVM: without the files and sockets that the confinement refuses. */
    public static final List<String> JVM_OPTIONS = List.of("-XX:-UsePerfData", "-XX:+DisableAttachMechanism");

    /** Environment variables that a child keeps; none holds a secret. */
    private static final Set<String> ENVIRONMENT = Set.of(
            "GGML_NO_BACKTRACE",
            "LANG",
            "LC_ALL",
            "LD_LIBRARY_PATH",
            "MALLOC_ARENA_MAX",
            "OMP_NUM_THREADS",
            "ROOTSTOCK_LLAMA",
            "TZ");

    public Confinement {
        readable = List.copyOf(readable);
    }

    /**
     * Confines a process that is not started yet: clears its environment and puts the {@link Launcher} in front of its
     * command. Does nothing if the mode is OFF.
     *
     * @param builder its first word is the absolute path of an executable, and its main class calls
     *     {@link ExpendableProcess#endWithParent} first
     */
    public void apply(ProcessBuilder builder, SandboxMode mode) {
        if (mode == SandboxMode.OFF) {
            return;
        }
        builder.environment().keySet().retainAll(ENVIRONMENT);
        if (!KernelSupport.here().any() && mode == SandboxMode.AVAILABLE) {
            return;
        }
        List<String> command = builder.command();
        List<String> launcher = launcher();
        List<String> words = new ArrayList<>(launcher);
        words.add("mode=" + mode.word());
        // The launcher loads a class after it is confined if the start of the program fails.
        Set<Path> runtime = runtime(launcher);
        runtime.addAll(runtime(command));
        runtime.forEach(path -> words.add("runtime=" + path));
        readable.forEach(path -> words.add("read=" + path.toAbsolutePath()));
        writable.ifPresent(path -> words.add("write=" + path.toAbsolutePath()));
        words.add("file-bytes=" + fileBytes);
        words.add("data-bytes=" + dataBytes);
        words.add("cpu-seconds=" + Math.max(1, cpu.toSeconds()));
        // A native executable removes words such as -Xmx from its arguments, but not with a prefix.
        command.forEach(word -> words.add("command=" + word));
        builder.command(words);
    }

    /** Command of the launcher: the class in a small JVM, or the current native executable. */
    private static List<String> launcher() {
        if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
            return List.of(
                    ProcessHandle.current()
                            .info()
                            .command()
                            .orElseThrow(() -> new IllegalStateException("cannot determine this process's executable")),
                    "-Xmx16m",
                    Launcher.OPTION);
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                location(Launcher.class) + File.pathSeparator + location(io.rootstock.panama.NativeCall.class),
                Launcher.class.getName());
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("cannot determine the jar of " + type, e);
        }
    }

    /** Files of a program: the executable, or the Java runtime and the class path of its command line. */
    private static Set<Path> runtime(List<String> command) {
        Set<Path> paths = new LinkedHashSet<>();
        paths.add(Path.of(command.getFirst()));
        int classPath = command.indexOf("-cp");
        if (classPath < 0) {
            return paths;
        }
        paths.add(Path.of(System.getProperty("java.home")));
        // Distributions link the configuration of a Java runtime from there.
        try (DirectoryStream<Path> configurations = Files.newDirectoryStream(Path.of("/etc"), "java*")) {
            configurations.forEach(paths::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list /etc", e);
        }
        for (String entry : command.get(classPath + 1).split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            // The manifest of a packaged service's jar names jars below its directory.
            paths.add(path.endsWith("quarkus-run.jar") ? path.getParent() : path);
        }
        return paths;
    }
}
