package io.rootstock.bench.controlplane;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.HttpArtifactSource;
import io.rootstock.client.ServiceChannel;
import io.rootstock.client.tls.ReloadListener;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.client.tls.SecretVolume;
import io.rootstock.client.tls.TlsFiles;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ModelServiceGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of a registry from eight threads over two channels, one with the token of the installation and one with a user's access token, and reads of an artifact over HTTP from four threads. */
final class TlsLoad implements AutoCloseable {
    private static final int CALLERS_PER_CHANNEL = 4;
    private static final int READERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int DEADLINE_SECONDS = 20;
    private static final Duration START = Duration.ofSeconds(90);
    private static final int PRINTED_FAILURES = 5;

    private final ReloadedTls tls;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final HttpArtifactSource artifacts;
    private final Digest artifact;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger grpcCalls = new AtomicInteger();
    private final AtomicInteger httpRequests = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    private interface Call {
        void run() throws IOException;
    }

    TlsLoad(TlsRegistry registry, SecretVolume files, RotatedTokens tokens, Digest artifact) {
        this.artifact = artifact;
        tls = new ReloadedTls(
                new TlsFiles(
                        new TlsFiles.Names("certificate", "key", "authority"),
                        Optional.of(files.certificate()),
                        Optional.of(files.key()),
                        Optional.of(files.authority())),
                Duration.ofMillis(500),
                ReloadListener.NONE);
        String address = "127.0.0.1:" + registry.grpcPort();
        channels.add(ServiceChannel.open(address, Optional.of(tls), Optional.of(tokens.ofServices())));
        channels.add(ServiceChannel.open(address, Optional.of(tls), Optional.of(tokens.ofUser())));
        artifacts = new HttpArtifactSource(
                URI.create("https://127.0.0.1:" + registry.httpPort() + "/artifacts"),
                tokens::ofInstallation,
                Optional.of(tls.clientContext()));
    }

    /** Waits for the first successful call of both kinds. */
    void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                call(channels.getFirst());
                read();
                return;
            } catch (IOException | StatusRuntimeException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("no answer from the registry after " + START, e);
                }
                Thread.sleep(PAUSE.multipliedBy(10));
            }
        }
    }

    /** Channel with the token of the installation. */
    ManagedChannel services() {
        return channels.getFirst();
    }

    void start() {
        for (ManagedChannel channel : channels) {
            for (int i = 0; i < CALLERS_PER_CHANNEL; i++) {
                threads.add(Thread.ofVirtual().start(() -> repeat(() -> call(channel), grpcCalls)));
            }
        }
        for (int i = 0; i < READERS; i++) {
            threads.add(Thread.ofVirtual().start(() -> repeat(this::read, httpRequests)));
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    int grpcCalls() {
        return grpcCalls.get();
    }

    int httpRequests() {
        return httpRequests.get();
    }

    int failed() {
        return failed.get();
    }

    /** The first failures. */
    Queue<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        stopped = true;
        channels.forEach(ManagedChannel::shutdownNow);
        tls.close();
    }

    private void repeat(Call call, AtomicInteger count) {
        while (!stopped) {
            count.incrementAndGet();
            try {
                call.run();
                Thread.sleep(PAUSE);
            } catch (IOException | StatusRuntimeException e) {
                if (failed.incrementAndGet() <= PRINTED_FAILURES) {
                    failures.add(e.toString());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void call(ManagedChannel channel) {
        ModelServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .listModels(ListModelsRequest.getDefaultInstance());
    }

    private void read() throws IOException {
        try (InputStream bytes = artifacts.open(artifact, 0)) {
            if (!Digest.of(bytes.readAllBytes()).equals(artifact)) {
                throw new IOException("the registry sent other bytes than " + artifact);
            }
        }
    }
}
