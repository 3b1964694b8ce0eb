package io.rootstock.bench.service;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.Sampling;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process of the service. Times are measured from just before the process starts. */
public final class RunningService implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    private final Process process;
    private final Path log;
    private final int port;
    private final long start;
    private final ManagedChannel channel;
    private final InferenceServiceBlockingStub calls;

    /**
     * Starts the service on free ports.
     *
     * @param settings additional settings, such as {@code rootstock.inference.slots=4}
     */
    public RunningService(Form form, Path home, int registryPort, String... settings) throws IOException {
        port = freePort();
        log = home.resolve(form + ".log");
        List<String> options = new ArrayList<>(List.of(
                "-Xmx512m",
                "-Drootstock.home=" + home,
                "-Drootstock.registry.endpoint=127.0.0.1:" + registryPort,
                "-Dquarkus.grpc.server.port=" + port,
                "-Dquarkus.http.port=0"));
        for (String setting : settings) {
            options.add("-D" + setting);
        }
        ProcessBuilder builder = new ProcessBuilder(form.command(options))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        start = System.nanoTime();
        process = builder.start();
        channel = connect();
        calls = InferenceServiceGrpc.newBlockingStub(channel);
    }

    /** Returns the milliseconds to the response of ListServedModels. */
    public double firstAnswer() throws IOException {
        // A channel that fails to connect waits a second before it retries: use it only when the port is open.
        while (!listens()) {
            pause();
        }
        while (true) {
            try {
                calls.listServedModels(ListServedModelsRequest.getDefaultInstance());
                return sinceStart();
            } catch (StatusRuntimeException _) {
                pause();
            }
        }
    }

    /** Returns the milliseconds to the model's first token; retries until the model is loaded. */
    public double firstToken(String model) throws IOException {
        firstAnswer();
        while (true) {
            try {
                Iterator<GenerateStreamResponse> responses = generate(model, 1);
                while (responses.hasNext()) {
                    if (!responses.next().getText().isEmpty()) {
                        return sinceStart();
                    }
                }
            } catch (StatusRuntimeException _) {
                // Not loaded yet.
            }
            pause();
        }
    }

    /** Measures the tokens per second of one stream. */
    public double tokensPerSecond(String model, int tokens) {
        long before = System.nanoTime();
        generate(model, tokens).forEachRemaining(_ -> {});
        return tokens / ((System.nanoTime() - before) / 1e9);
    }

    private Iterator<GenerateStreamResponse> generate(String model, int tokens) {
        return calls.generateStream(GenerateStreamRequest.newBuilder()
                .setModel(model)
                .setPrompt("Now is the winter of our discontent")
                .setOptions(GenerationOptions.newBuilder()
                        .setMaxTokens(tokens)
                        .setIgnoreEndOfText(true)
                        .setSampling(Sampling.newBuilder().setTemperature(0)))
                .build());
    }

    /** Shared channel to the service. */
    public ManagedChannel channel() {
        return channel;
    }

    /** Opens another channel to the service; the caller closes it. */
    public ManagedChannel connect() {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /** Handle of the service's process. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Returns the resident memory in MB of 2^20 bytes. */
    public double residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException("no VmRSS of process " + process.pid());
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private void pause() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("the service ended:\n" + Files.readString(log));
        }
        if (System.nanoTime() - start > PATIENCE_NANOS) {
            throw new IOException("the service did not answer:\n" + Files.readString(log));
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private double sinceStart() {
        return (System.nanoTime() - start) / 1e6;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
