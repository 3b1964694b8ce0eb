package io.rootstock.evaluator.engine;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** A running inference service that has loaded the version. */
final class InferenceProcess implements AutoCloseable {
    private static final long POLL_MILLIS = 20;
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    private static final long LOG_LIMIT = 4L << 20;

    /** The process ended by itself. */
    static final class EndedException extends Exception {
        private static final long serialVersionUID = 1L;

        EndedException(String message) {
            super(message);
        }
    }

    private final Process process;
    private final BoundedLog log;
    private ManagedChannel channel;
    private String build = "";

    private InferenceProcess(Process process, BoundedLog log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts the process and waits until it has loaded the version.
     *
     * @param folder existing folder: home and log of the process
     * @param channels opens a channel to a port on loopback
     * @throws EngineException if the version cannot be loaded, or not in time
     * @throws EndedException if the process ends
     */
    static InferenceProcess start(
            InferenceCommand command,
            Path folder,
            String version,
            Optional<String> variant,
            Duration limit,
            IntFunction<ManagedChannel> channels)
            throws EndedException, InterruptedException {
        Path ports = folder.resolve("ports");
        Process process;
        try {
            Files.deleteIfExists(ports);
            process = command.process(folder, ports, version, variant).start();
        } catch (IOException e) {
            throw new EngineException("cannot start the inference process: " + e.getMessage(), e);
        }
        InferenceProcess started = new InferenceProcess(
                process, new BoundedLog(process.getInputStream(), folder.resolve("inference.log"), LOG_LIMIT));
        boolean loaded = false;
        try {
            started.awaitLoaded(ports, version, limit, channels);
            loaded = true;
            return started;
        } finally {
            if (!loaded) {
                started.close();
            }
        }
    }

    private void awaitLoaded(Path ports, String version, Duration limit, IntFunction<ManagedChannel> channels)
            throws EndedException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            if (!process.isAlive()) {
                throw new EndedException(ending());
            }
            if (channel == null) {
                OptionalInt port = port(ports);
                if (port.isPresent()) {
                    channel = channels.apply(port.getAsInt());
                }
            } else if (isLoaded(version)) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new EngineException(version + " was not loaded in " + limit.toSeconds()
                        + " s (rootstock.evaluator.start-timeout); the inference process reports:\n" + log.last());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static OptionalInt port(Path ports) {
        try {
            return Files.readAllLines(ports).stream()
                    .filter(line -> line.startsWith("grpc="))
                    .mapToInt(line -> Integer.parseInt(line.substring("grpc=".length())))
                    .findFirst();
        } catch (java.nio.file.NoSuchFileException _) {
            return OptionalInt.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isLoaded(String version) {
        try {
            for (ServedModel model : calls(CALL_LIMIT)
                    .listServedModels(ListServedModelsRequest.getDefaultInstance())
                    .getModelsList()) {
                if (model.getState() == ServedState.SERVED_STATE_LOAD_FAILED) {
                    throw new EngineException(model.getError());
                }
                if (model.getVersion().equals(version)) {
                    build = ControlServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(CALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                            .getLoad(GetLoadRequest.getDefaultInstance())
                            .getEngine();
                    return true;
                }
            }
        } catch (StatusRuntimeException e) {
            return switch (e.getStatus().getCode()) {
                case UNAVAILABLE, DEADLINE_EXCEEDED -> false;
                default ->
                    throw new EngineException("the inference process refuses the evaluator: " + e.getMessage(), e);
            };
        }
        return false;
    }

    /** Calls with a time limit. */
    InferenceServiceBlockingStub calls(Duration limit) {
        return InferenceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Build of the engine. */
    String build() {
        return build;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end of the process, at most this long; returns whether it has ended. */
    boolean ended(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Exit code and last lines of output of the ended process. */
    String ending() {
        return "exit code " + process.exitValue() + ":\n" + log.last();
    }

    long pid() {
        return process.pid();
    }

    /** Kills the process and waits for its end. */
    @Override
    public void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        process.destroyForcibly();
        try {
            process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
