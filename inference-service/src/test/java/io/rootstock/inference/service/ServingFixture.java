package io.rootstock.inference.service;

import com.google.rpc.BadRequest;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.ControlServiceGrpc.ControlServiceBlockingStub;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.service.ErrorDetails;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
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

/** A registry, a store and the packaged service, with tiny models promoted by name. */
final class ServingFixture implements AutoCloseable {
    static final Sampling GREEDY = Sampling.newBuilder().setTemperature(0).build();

    final ArtifactStore store;
    final PlayedRegistry registry;
    ServiceProcess service;
    private final Path home;
    private final Path scratch;
    private final String[] settings;
    private final int httpPort;

    ServingFixture(Path home, Path scratch, String... settings) throws IOException {
        this.home = home;
        this.scratch = scratch;
        this.store = new DirectoryArtifactStore(home.resolve("artifacts"));
        this.registry = new PlayedRegistry();
        this.httpPort = ServiceProcess.freePort();
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("rootstock.inference.threads=1");
        all.add("quarkus.http.port=" + httpPort);
        this.settings = all.toArray(String[]::new);
        this.service = new ServiceProcess(home, registry.port(), this.settings);
    }

    /** Kills the service and starts it again, with the same registry and data. */
    void restart() throws IOException, InterruptedException {
        service.kill();
        service.close();
        service = new ServiceProcess(home, registry.port(), settings);
    }

    /** Promotes a version of the model and waits until it serves. */
    Version serve(String model, int number, VersionKind kind, TinyModel weights) {
        Version version = version(model, number, kind, weights);
        registry.promote(version);
        service.await(
                "models/" + model,
                served -> served.getVersion().equals(version.getName())
                        && served.getState() == ServedState.SERVED_STATE_READY);
        return version;
    }

    Version serve(String model, TinyModel weights) {
        return serve(model, 1, VersionKind.VERSION_KIND_BASE, weights);
    }

    /** Serves a version that is the base's file with an adapter. */
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

    /** Promotes a version whose file is no model, and waits until that is known. */
    void promoteNoise(String model, int number) throws IOException {
        Path noise = Files.writeString(scratch.resolve("noise"), "GGUF and nothing else");
        registry.promote(version(model, number, VersionKind.VERSION_KIND_BASE, noise));
        service.await("models/" + model, served -> served.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
    }

    private Version version(String model, int number, VersionKind kind, Path file) {
        return Version.newBuilder()
                .setName("models/" + model + "/versions/" + number)
                .setKind(kind)
                .setJob("jobs/made-here")
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(store.putFile(file).value()))
                .build();
    }

    ControlServiceBlockingStub control() {
        return ControlServiceGrpc.newBlockingStub(service.channel())
                .withWaitForReady()
                .withDeadlineAfter(120, TimeUnit.SECONDS);
    }

    /** Where the service answers HTTP, on loopback. */
    int httpPort() {
        return httpPort;
    }

    /** The official client, which tries nothing twice and accepts only answers of OpenAI's shape. */
    OpenAIClient openAi(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + httpPort + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .responseValidation(true)
                .timeout(Duration.ofMinutes(2))
                .build();
    }

    /** What the service answers over HTTP: status and body. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    static GenerationOptions.Builder options(int tokens) {
        return GenerationOptions.newBuilder().setMaximumTokens(tokens).setSampling(GREEDY);
    }

    /** Waits until something has become true, at most two minutes. */
    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it never became true");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Runs a call on a thread of its own: the common pool has only one on a small machine. */
    static <T> CompletableFuture<T> async(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, task -> Thread.ofVirtual().start(task));
    }

    /** The code and the reason that a call fails with, such as {@code UNAVAILABLE DRAINING}. */
    static String refusal(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            Code code = e.getStatus().getCode();
            return code + " " + ErrorDetails.reason(e).orElse("without a reason: " + e.getStatus());
        }
        return "no refusal";
    }

    /** The field that a call is refused for. */
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

    @Override
    public void close() {
        service.close();
        registry.close();
    }
}
