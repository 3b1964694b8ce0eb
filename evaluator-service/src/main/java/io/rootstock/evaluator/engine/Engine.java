package io.rootstock.evaluator.engine;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.rootstock.service.ErrorDetails;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jboss.logging.Logger;

/**
 * The inference service of one evaluation. A crashed process is started again, at most {@value #RESTARTS} times. Safe for
 * several threads.
 */
public final class Engine implements AutoCloseable {
    static final int RESTARTS = 2;

    private static final Logger LOG = Logger.getLogger(Engine.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(2);
    /** Time after a broken connection in which the end of the process is noticed. */
    private static final Duration END_NOTICE = Duration.ofMillis(500);

    private final InferenceCommand command;
    private final Options options;
    private final IntFunction<ManagedChannel> channels;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile InferenceProcess process;
    private volatile boolean closed;
    private final AtomicInteger restarts = new AtomicInteger();

    /**
     * The version and the limits of its process.
     *
     * @param folder existing folder: home and log of the process
     * @param version models/{m}/versions/{n}
     * @param variant quantization as in {@code rootstock.inference.variant}; empty: the service's default
     * @param startLimit maximum time of a start
     * @param requestLimit maximum time of a request with its retries
     */
    public record Options(
            Path folder, String version, Optional<String> variant, Duration startLimit, Duration requestLimit) {}

    /**
     * Starts the process and waits until it has loaded the version.
     *
     * @param channels opens a channel to a port on loopback
     * @throws EngineException if the version cannot be loaded
     */
    public Engine(InferenceCommand command, Options options, IntFunction<ManagedChannel> channels)
            throws InterruptedException {
        this.command = command;
        this.options = options;
        this.channels = channels;
        this.process = start();
    }

    /** Starts the process, again if it ends before the version is loaded. */
    private InferenceProcess start() throws InterruptedException {
        while (true) {
            try {
                return InferenceProcess.start(
                        command,
                        options.folder(),
                        options.version(),
                        options.variant(),
                        options.startLimit(),
                        channels);
            } catch (InferenceProcess.EndedException e) {
                countRestart(e.getMessage());
            }
        }
    }

    private void countRestart(String ending) {
        if (restarts.get() == RESTARTS) {
            throw new EngineException("the inference process ended " + (RESTARTS + 1) + " times, with " + ending);
        }
        restarts.incrementAndGet();
        LOG.warn("the inference process ended, starting it again; " + ending);
    }

    /** Build of the engine, such as {@code llama.cpp b9090}. */
    public String build() {
        return process.build();
    }

    /** Process id of the current process. */
    public long pid() {
        return process.pid();
    }

    /** Number of restarts so far. */
    public int restarts() {
        return restarts.get();
    }

    /**
     * Runs a call; repeats it while the process is overloaded or restarts.
     *
     * @throws StatusRuntimeException another error of the service, or the last one at the time limit
     * @throws EngineException if the process has crashed too often
     */
    public <T> T call(Function<InferenceServiceBlockingStub, T> call) throws InterruptedException {
        long deadline = System.nanoTime() + options.requestLimit().toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            InferenceProcess current = process;
            try {
                return call.apply(current.calls(options.requestLimit()));
            } catch (StatusRuntimeException e) {
                if (closed || Context.current().isCancelled()) {
                    throw e;
                }
                Status.Code code = e.getStatus().getCode();
                boolean broken = code == Status.Code.UNAVAILABLE;
                if (broken ? current.ended(END_NOTICE) : !current.isAlive()) {
                    replace(current);
                    continue;
                }
                if ((!broken && code != Status.Code.RESOURCE_EXHAUSTED) || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(ErrorDetails.retryAfter(e)
                        .filter(stated -> stated.compareTo(MAX_PAUSE) < 0)
                        .orElse(pause));
                pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
            }
        }
    }

    private void replace(InferenceProcess ended) throws InterruptedException {
        starting.lockInterruptibly();
        try {
            if (process == ended && !closed) {
                countRestart(ended.ending());
                ended.close();
                process = start();
            }
        } finally {
            starting.unlock();
        }
    }

    /** Kills the process; calls in progress fail. */
    @Override
    public void close() {
        closed = true;
        process.close();
        starting.lock();
        try {
            process.close();
        } finally {
            starting.unlock();
        }
    }
}
