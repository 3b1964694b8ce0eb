package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Starts a service as a process, with its log in the data directory. */
final class Launcher {
    private static final long MAX_LOG_BYTES = 16L << 20;
    private static final Path SESSION_STARTER = Path.of("/usr/bin/setsid");

    private final Path home;
    private final Layout layout;
    private final Map<Service, Ports.Pair> ports;
    private final Map<String, String> settings;

    Launcher(Path home, Layout layout, Map<Service, Ports.Pair> ports, Map<String, String> settings) {
        this.home = home;
        this.layout = layout;
        this.ports = ports;
        this.settings = settings;
    }

    static Path log(Path home, Service service) {
        return home.resolve("logs").resolve(service.label() + ".log");
    }

    static void requireBuilt(Service service, Layout layout) {
        if (service == Service.EVALUATOR) {
            requireBuilt(Service.INFERENCE, layout);
        }
        if (!isBuilt(service, layout)) {
            throw new CliException(
                    service.label() + " service is not built: "
                            + layout.program(service).file() + " not found",
                    layout.remedy());
        }
    }

    static boolean isBuilt(Service service, Layout layout) {
        return Files.isRegularFile(layout.program(service).file());
    }

    /** Build time of a service, milliseconds since 1970. */
    static long build(Service service, Layout layout) {
        try {
            return Files.getLastModifiedTime(layout.program(service).file()).toMillis();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts the service without waiting until it is serving. */
    Process launch(Service service) {
        return launch(service.label() + " service", program(service), log(home, service));
    }

    /**
     * Starts a process that outlives this program, in the data directory and with the environment of this program.
     *
     * @param name of the process, for an error
     * @param program its command line
     * @param log file that its output is appended to
     */
    Process launch(String name, List<String> program, Path log) {
        try {
            Files.createDirectories(log.getParent());
            if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            ProcessBuilder builder = new ProcessBuilder(inOwnSession(program))
                    .directory(home.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            prepare(builder.environment());
            return builder.start();
        } catch (IOException failure) {
            throw new DataDirectory(home).failure("cannot start the " + name, failure);
        }
    }

    /** The record of a service that this launcher has started. */
    ProcessRecord record(Service service, Process process) {
        Ports.Pair pair = ports.get(service);
        // A process that has already ended has no start time any more.
        Instant start = process.info().startInstant().orElseGet(Instant::now);
        return new ProcessRecord(
                service.label(),
                process.pid(),
                start.toEpochMilli(),
                pair.grpc(),
                pair.http(),
                BuildVersion.current(),
                build(service, layout),
                service.calls().stream()
                        .collect(Collectors.toMap(
                                Service::label, other -> ports.get(other).grpc())),
                settings.getOrDefault(
                        Installation.TOKEN_FILE, System.getenv().getOrDefault("ROOTSTOCK_AUTH_TOKEN_FILE", "")));
    }

    /**
     * Runs a service in the foreground until it exits, with its output on this program's standard error. Ending this program
     * ends the service.
     *
     * @return its exit code
     */
    int run(Service service) {
        try {
            Files.createDirectories(home);
            ProcessBuilder builder = new ProcessBuilder(program(service))
                    .directory(home.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true);
            prepare(builder.environment());
            Process process = builder.start();
            Thread hook = new Thread(process::destroy, "stop " + service.label());
            Runtime.getRuntime().addShutdownHook(hook);
            try (var output = process.getInputStream()) {
                output.transferTo(System.err);
                return process.waitFor();
            } finally {
                process.destroy();
                try {
                    boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
                } catch (IllegalStateException shuttingDown) {
                    // The hook has ended the process.
                }
            }
        } catch (IOException failure) {
            throw new DataDirectory(home).failure("cannot run the " + service.label() + " service", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "run the command again");
        }
    }

    private void prepare(Map<String, String> environment) {
        environment.put("ROOTSTOCK_HOME", home.toString());
        layout.environment().forEach(environment::putIfAbsent);
    }

    /** Whether the artifacts are on another system, which the inference service reads through the registry. */
    private boolean hasRemoteArtifacts() {
        return (settings.containsKey("rootstock.artifacts.url") || System.getenv("ROOTSTOCK_ARTIFACTS_URL") != null)
                && System.getenv("ROOTSTOCK_INFERENCE_ARTIFACTS") == null;
    }

    private static List<String> inOwnSession(List<String> program) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SESSION_STARTER)) {
            // A new session keeps Ctrl-C in the terminal from the process. setsid executes the program in place, with
            // its pid.
            command.add(SESSION_STARTER.toString());
        }
        command.addAll(program);
        return command;
    }

    /** The command line of a service. */
    List<String> program(Service service) {
        return switch (layout.program(service)) {
            case Program.Jar(Path jar) -> {
                List<String> command = new ArrayList<>();
                command.add(JavaHome.java(JavaHome.find()).toString());
                command.addAll(service.jvmFlags(jar));
                command.addAll(options(service));
                command.add("-jar");
                command.add(jar.toString());
                yield command;
            }
            case Program.Executable(Path executable) -> {
                List<String> command = new ArrayList<>(List.of(executable.toString(), service.heap()));
                command.addAll(options(service));
                yield command;
            }
        };
    }

    /** Options of the user, and the settings. */
    private List<String> options(Service service) {
        List<String> command = new ArrayList<>();
        String extra = System.getenv("ROOTSTOCK_" + service.label().toUpperCase(Locale.ROOT) + "_JAVA_OPTIONS");
        if (extra != null && !extra.isBlank()) {
            command.addAll(List.of(extra.strip().split("\\s+")));
        }
        // System properties override the environment, which may hold ports of another installation.
        command.add("-Drootstock.home=" + home);
        command.add("-Dquarkus.http.host=127.0.0.1");
        command.add("-Dquarkus.http.port=" + ports.get(service).http());
        if (service.hasRpcs()) {
            command.add("-Dquarkus.grpc.server.host=127.0.0.1");
            command.add("-Dquarkus.grpc.server.port=" + ports.get(service).grpc());
        }
        for (Service other : Service.withRpcs()) {
            command.add("-Drootstock." + other.label() + ".endpoint=127.0.0.1:"
                    + ports.get(other).grpc());
        }
        if (service == Service.EVALUATOR) {
            command.add(
                    switch (layout.program(Service.INFERENCE)) {
                        case Program.Jar(Path jar) -> "-Drootstock.evaluator.inference-jar=" + jar;
                        case Program.Executable(Path executable) ->
                            "-Drootstock.evaluator.inference-executable=" + executable;
                    });
        }
        if (service == Service.TOKENIZER) {
            layout.sparkHome().ifPresent(spark -> command.add("-Drootstock.corpus.spark-home=" + spark));
        }
        // The evaluator hands it to its inference process.
        if ((service == Service.INFERENCE || service == Service.EVALUATOR) && hasRemoteArtifacts()) {
            command.add("-Drootstock.inference.artifacts=http://127.0.0.1:"
                    + ports.get(Service.REGISTRY).http() + "/artifacts");
        }
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        return command;
    }
}
