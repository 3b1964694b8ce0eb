package io.rootstock.inference.service;

import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.files.FileTree;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.ControlServiceGrpc.ControlServiceBlockingStub;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.service.ErrorDetails;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A fake registry, an artifact store and the packaged service, with tiny models. */
final class ServingFixture implements AutoCloseable {
    /** Creation time of version 0 of each model, in seconds since 1970. */
    static final long CREATED = 1_700_000_000;

    static final Sampling GREEDY = Sampling.newBuilder().setTemperature(0).build();

    final ArtifactStore store;
    final PlayedRegistry registry;
    ServiceProcess service;
    private final Path home;
    private final Path scratch;
    private final String[] settings;
    private final int httpPort;
    private final boolean shared;

    /**
     * Returns the service that tests without settings of their own share: contexts may have 16384 tokens, and streams may stall
     * for 10 minutes. It ends with this JVM; closing the fixture deletes its aliases. Counters, and the outcomes of first loads,
     * stay.
     */
    static ServingFixture shared(Path scratch) {
        return new ServingFixture(Shared.FIXTURE, scratch);
    }

    private static final class Shared {
        static final ServingFixture FIXTURE = start();

        private static ServingFixture start() {
            try {
                Path home = Files.createTempDirectory("shared-service");
                ServingFixture started = new ServingFixture(
                        home, home, "rootstock.inference.context-limit=16384", "rootstock.inference.stall-limit=10m");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    started.close();
                    FileTree.delete(home);
                }));
                return started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private ServingFixture(ServingFixture started, Path scratch) {
        this.home = started.home;
        this.scratch = scratch;
        this.settings = started.settings;
        this.store = started.store;
        this.registry = started.registry;
        this.service = started.service;
        this.httpPort = started.httpPort;
        this.shared = true;
    }

    ServingFixture(Path home, Path scratch, String... settings) throws IOException {
        this.home = home;
        this.scratch = scratch;
        this.store = new DirectoryArtifactStore(home.resolve("artifacts"));
        this.registry = new PlayedRegistry();
        this.httpPort = ServiceProcess.freePort();
        this.shared = false;
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("rootstock.inference.threads=1");
        all.add("quarkus.http.port=" + httpPort);
        this.settings = all.toArray(String[]::new);
        this.service = new ServiceProcess(home, registry.port(), this.settings);
    }

    /** Kills the service and starts it again with the same registry, settings and data. */
    void restart() throws IOException, InterruptedException {
        service.kill();
        service.close();
        service = new ServiceProcess(home, registry.port(), settings);
    }

    /** Promotes a version of the model and waits until it is served. */
    Version serve(String model, int number, VersionKind kind, TinyModel weights) {
        return serve(version(model, number, kind, weights));
    }

    /** Promotes a version and waits until it is served. */
    Version serve(Version version) {
        registry.promote(version);
        service.await(
                VersionName.parse(version.getName()).modelName(),
                served -> served.getVersion().equals(version.getName())
                        && served.getState() == ServedState.SERVED_STATE_READY);
        return version;
    }

    Version serve(String model, TinyModel weights) {
        return serve(model, 1, VersionKind.VERSION_KIND_BASE, weights);
    }

    /** Serves a version that consists of the base's GGUF file and an adapter. */
    Version serveWithAdapter(String model, Version base, Path adapter) {
        Version version = base.toBuilder()
                .setName("models/" + model + "/versions/1")
                .clearArtifacts()
                .addArtifacts(base.getArtifacts(0).toBuilder().setKind(ArtifactKind.ARTIFACT_KIND_GGUF_BASE))
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER)
                        .setDigest(store.putFile(adapter).value()))
                .build();
        registry.promote(version);
        service.await("models/" + model, served -> served.getState() == ServedState.SERVED_STATE_READY);
        return version;
    }

    Version version(String model, int number, VersionKind kind, TinyModel weights) {
        return version(model, number, kind, weights.write(scratch.resolve(model + "-" + number + ".gguf")));
    }

    /** Returns a classifier with weights of 0: all labels are equally probable, so its answer is the first label. */
    Version classifier(String model, int number, String... labels) throws IOException {
        Path head = scratch.resolve(model + "-head-" + number + ".safetensors");
        float[] weight = new float[labels.length * TinyModel.DIMENSION];
        ClassifierHead.write(
                head, NamedTensor.of("score.weight", weight, labels.length, TinyModel.DIMENSION), List.of(labels), 40);
        return version(model, number, VersionKind.VERSION_KIND_CLASSIFIER, TinyModel.random(number)).toBuilder()
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD)
                        .setDigest(store.putFile(head).value()))
                .build();
    }

    /** Promotes a version with an invalid GGUF file and waits until its load fails. */
    void promoteInvalid(String model, int number) throws IOException {
        Path noise = Files.writeString(scratch.resolve("noise"), "GGUF and nothing else");
        registry.promote(version(model, number, VersionKind.VERSION_KIND_BASE, noise));
        service.await("models/" + model, served -> served.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
    }

    private Version version(String model, int number, VersionKind kind, Path file) {
        return Version.newBuilder()
                .setName("models/" + model + "/versions/" + number)
                .setKind(kind)
                .setJob("jobs/made-here")
                .setCreateTime(Timestamp.newBuilder().setSeconds(CREATED + number))
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(store.putFile(file).value()))
                .build();
    }

    /** Whether the service has logged this text. */
    boolean hasLogged(String text) {
        try {
            return Files.readString(home.resolve("service.log")).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ControlServiceBlockingStub control() {
        return ControlServiceGrpc.newBlockingStub(service.channel())
                .withWaitForReady()
                .withDeadlineAfter(120, TimeUnit.SECONDS);
    }

    /** The HTTP port on loopback. */
    int httpPort() {
        return httpPort;
    }

    /** Returns the official OpenAI client, without retries and with response validation. */
    OpenAIClient openAi(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + httpPort + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .responseValidation(true)
                .timeout(Duration.ofMinutes(2))
                .build();
    }

    /** Sends a GET request and returns the response. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    /** Posts JSON and returns the response. */
    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri(path))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    static GenerationOptions.Builder options(int tokens) {
        return GenerationOptions.newBuilder().setMaxTokens(tokens).setSampling(GREEDY);
    }

    /** Polls a condition until it is true; fails after two minutes. */
    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("condition still false after two minutes");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Runs a call on a new virtual thread; the common pool has one thread on a small machine. */
    static <T> CompletableFuture<T> async(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, task -> Thread.ofVirtual().start(task));
    }

    /** Returns the status code and the reason of a call's error, such as {@code UNAVAILABLE DRAINING}. */
    static String refusal(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            Code code = e.getStatus().getCode();
            return code + " " + ErrorDetails.reason(e).orElse("without a reason: " + e.getStatus());
        }
        return "no refusal";
    }

    /** Returns the field that a call's error names. */
    static String refusedField(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return ErrorDetails.find(e, BadRequest.class)
                    .map(request -> request.getFieldViolations(0).getField())
                    .orElse("no field: " + e.getStatus());
        }
        return "no refusal";
    }

    /** Home of the service. */
    Path home() {
        return home;
    }

    /** Deletes all aliases and waits until none is served. */
    void clear() {
        registry.clear();
        await(() -> service.served().filter(List::isEmpty).isPresent());
    }

    @Override
    public void close() {
        if (shared) {
            clear();
        } else {
            service.close();
            registry.close();
        }
    }
}
