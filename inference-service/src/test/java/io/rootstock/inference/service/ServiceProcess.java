package io.rootstock.inference.service;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ServedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The packaged inference service in a separate process: the native executable if it was built, otherwise the jar. */
final class ServiceProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    /** Path of the native executable; set by the build with {@code -Dnative}. */
    private static final Optional<String> EXECUTABLE =
            Optional.ofNullable(System.getProperty("rootstock.inference.executable"));

    private final Path log;
    private final Process process;
    private final int port;
    /** Opened by the first call. */
    private ManagedChannel channel;

    ServiceProcess(Path home, int registryPort, String... settings) throws IOException {
        this(List.of(), home, registryPort, settings);
    }

    /**
     * Starts the service through another command.
     *
     * @param starter command in front of the service's own, such as {@code taskset -c 0}
     */
    ServiceProcess(List<String> starter, Path home, int registryPort, String... settings) throws IOException {
        this(starter, freePort(), home, registryPort, settings);
    }

    /** Starts the service with this gRPC port, such as the one that it had before a restart. */
    ServiceProcess(int port, Path home, int registryPort, String... settings) throws IOException {
        this(List.of(), port, home, registryPort, settings);
    }

    private ServiceProcess(List<String> starter, int port, Path home, int registryPort, String... settings)
            throws IOException {
        this.port = port;
        log = home.resolve("service.log");
        List<String> options = new ArrayList<>(List.of(
                "-Xmx256m",
                "-Drootstock.home=" + home,
                "-Drootstock.registry.endpoint=127.0.0.1:" + registryPort,
                "-Dquarkus.grpc.server.port=" + port,
                "-Dquarkus.http.port=0"));
        for (String setting : settings) {
            options.add("-D" + setting);
        }
        List<String> command = new ArrayList<>(starter);
        if (EXECUTABLE.isPresent()) {
            command.add(EXECUTABLE.get());
            command.addAll(options);
        } else {
            command.addAll(java());
            command.addAll(options);
            command.add("-jar");
            command.add(JAR.toAbsolutePath().toString());
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** The JVM of the jar with flags for a quick start, among them its AOT cache if there is one. */
    static List<String> java() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        Path cache = JAR.resolveSibling("app.aot").toAbsolutePath();
        if (Files.isReadable(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        return command;
    }

    /** Returns a client with a deadline of 60 s, whose calls wait for the service to start. */
    InferenceServiceBlockingStub calls() {
        return InferenceServiceGrpc.newBlockingStub(channel())
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    /** The gRPC port on loopback. */
    int port() {
        return port;
    }

    /** Waits until the service listens: a channel that is refused waits longer and longer before it connects again. */
    synchronized ManagedChannel channel() {
        if (channel == null) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!listens() && process.isAlive() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .build();
        }
        return channel;
    }

    private boolean listens() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** The models that the service serves; none while it is starting. */
    Optional<List<ServedModel>> served() {
        try {
            return Optional.of(calls().listServedModels(ListServedModelsRequest.newBuilder()
                            .setPageSize(1000)
                            .build())
                    .getModelsList());
        } catch (StatusRuntimeException _) {
            return Optional.empty();
        }
    }

    /** Waits until the model's alias {@code production} satisfies the condition; fails after 60 s. */
    ServedModel await(String model, Predicate<ServedModel> condition) {
        String alias = model + "/aliases/production";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        List<ServedModel> seen = List.of();
        while (System.nanoTime() < deadline) {
            seen = served().orElse(seen);
            for (ServedModel served : seen) {
                if (served.getAlias().equals(alias) && condition.test(served)) {
                    return served;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        throw new AssertionError(alias + " did not reach the expected state: " + seen + "\nlog:\n" + lastOfLog());
    }

    private String lastOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL and waits for the exit. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean ended() throws InterruptedException {
        return process.waitFor(30, TimeUnit.SECONDS);
    }

    @Override
    public synchronized void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        process.destroyForcibly();
    }

    /** Returns a free port below the range from which Linux takes ports of connections, which could take it meanwhile. */
    static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_768);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException _) {
                // In use: draw another.
            }
        }
    }
}
