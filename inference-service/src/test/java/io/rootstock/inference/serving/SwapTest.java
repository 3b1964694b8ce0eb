package io.rootstock.inference.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rootstock.artifacts.ArtifactCache;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.files.FileTree;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException.Reason;
import io.rootstock.inference.engine.scheduling.Generation;
import io.rootstock.inference.engine.scheduling.GenerationRequest;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.model.ModelKind;
import io.rootstock.inference.model.ModelLease;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.llama.Llama;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Swaps of served versions with a simulated amount of available memory. */
@Timeout(120)
class SwapTest {
    private static final String ALIAS = "models/m/aliases/production";
    private static final int CONTEXT = 8192;
    private static final long PLENTY = 64L << 30;
    private static final long LITTLE = 1L << 20;

    @TempDir
    Path directory;

    private DirectoryArtifactStore store;
    private Compute compute;
    private ServedModels models;

    @BeforeEach
    void start() {
        store = new DirectoryArtifactStore(directory.resolve("store"));
        compute = new Compute(Llama.shared(), 1);
    }

    @AfterEach
    void stop() {
        models.close();
        compute.close();
    }

    private void available(long bytes) {
        try {
            Files.createDirectories(directory.resolve("proc"));
            Files.writeString(directory.resolve("proc/meminfo"), "MemAvailable: " + bytes / 1024 + " kB\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void serve(String swap, String retry) {
        InferenceSettings settings = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(InferenceSettings.class)
                .withDefaultValue("rootstock.inference.swap", swap)
                .withDefaultValue("rootstock.inference.load-retry", retry)
                .withDefaultValue("rootstock.inference.drain", "100ms")
                .withDefaultValue("rootstock.inference.context-limit", Integer.toString(CONTEXT))
                .build()
                .getConfigMapping(InferenceSettings.class);
        ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
        ArtifactCache cache = new ArtifactCache(directory.resolve("cache"), store, 1L << 30);
        FirstLoads firstLoads =
                new FirstLoads(directory.resolve("first"), Llama.shared().directory(), settings, SandboxMode.AVAILABLE);
        Memory memory = new Memory(directory.resolve("proc"), directory.resolve("no-groups"));
        models = new ServedModels(
                new ModelLoader(Llama.shared(), cache, firstLoads, memory, compute, settings, metrics),
                Optional.of(new ServedFile(directory.resolve("served.json"))),
                metrics);
        available(PLENTY);
    }

    private Version version(int number, TinyModel weights) {
        Path file = weights.contextLength(CONTEXT).write(directory.resolve("weights.gguf"));
        return Version.newBuilder()
                .setName("models/m/versions/" + number)
                .setKind(VersionKind.VERSION_KIND_BASE)
                .setJob("jobs/made-here")
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(store.putFile(file).value()))
                .build();
    }

    private void point(Version version) {
        models.point(ALIAS, version, Optional.empty());
    }

    private AliasStatus await(Predicate<AliasStatus> condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            Optional<AliasStatus> found = models.list().stream()
                    .filter(status -> status.alias().equals(ALIAS) && condition.test(status))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        throw new AssertionError("alias did not reach the expected state: " + models.list());
    }

    private void awaitNoAlias() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!models.list().isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(models.list()).isEmpty();
    }

    private void awaitServed(Version version) {
        await(status -> status.version().equals(version.getName()) && status.state() == AliasStatus.State.READY);
    }

    private static AliasStatus.State failed() {
        return AliasStatus.State.LOAD_FAILED;
    }

    @Test
    void aVersionIsServedEvenIfItCannotBeRecorded() throws IOException {
        serve("beside", "1h");
        Path file = directory.resolve("served.json");
        Files.createDirectories(file.resolve("taken"));
        Version first = version(1, TinyModel.reciting("abcd"));
        Version second = version(2, TinyModel.reciting("acbd"));
        point(first);
        awaitServed(first);
        assertThat(file).isDirectory();

        FileTree.delete(file);
        point(second);
        awaitServed(second);
        assertThat(new ServedFile(file).read())
                .containsEntry(
                        ALIAS,
                        new ServedVersion(
                                second.getName(),
                                ModelKind.BASE,
                                second.getArtifacts(0).getDigest(),
                                null,
                                null,
                                true,
                                second.getCreateTime().getSeconds()));
    }

    @Test
    void aDeletedAliasIsNotServedAndNotLoadedAtTheNextStart() throws Exception {
        serve("beside", "1h");
        Version first = version(1, TinyModel.reciting("abcd"));
        BlockingQueue<StreamObserver<WatchAliasesResponse>> watches = new LinkedBlockingQueue<>();
        Server registry = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new ModelServiceGrpc.ModelServiceImplBase() {
                    @Override
                    public void watchAliases(
                            WatchAliasesRequest request, StreamObserver<WatchAliasesResponse> responses) {
                        watches.add(responses);
                    }
                })
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", registry.getPort())
                .usePlaintext()
                .build();
        try (AliasFollower _ = new AliasFollower(channel, "production", models, Optional.empty())) {
            StreamObserver<WatchAliasesResponse> watch = watches.take();
            watch.onNext(WatchAliasesResponse.newBuilder()
                    .setAlias(Alias.newBuilder().setName(ALIAS).setVersion(first.getName()))
                    .setVersion(first)
                    .build());
            watch.onNext(WatchAliasesResponse.newBuilder().setSynchronized(true).build());
            awaitServed(first);
            watch.onNext(
                    WatchAliasesResponse.newBuilder().setDeletedAlias(ALIAS).build());
            awaitNoAlias();
            assertThat(models.lease(ALIAS)).isEmpty();
            assertThat(new ServedFile(directory.resolve("served.json")).read()).isEmpty();
        } finally {
            channel.shutdownNow();
            registry.shutdownNow();
        }
    }

    @Test
    void aFollowerThatReconnectsAsksForTheChangesSinceItsLastMessage() throws Exception {
        serve("beside", "1h");
        Version first = version(1, TinyModel.reciting("abcd"));
        BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
        BlockingQueue<StreamObserver<WatchAliasesResponse>> watches = new LinkedBlockingQueue<>();
        Server registry = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new ModelServiceGrpc.ModelServiceImplBase() {
                    @Override
                    public void watchAliases(
                            WatchAliasesRequest request, StreamObserver<WatchAliasesResponse> responses) {
                        tokens.add(request.getResumeToken());
                        watches.add(responses);
                    }
                })
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", registry.getPort())
                .usePlaintext()
                .build();
        WatchAliasesResponse alias = WatchAliasesResponse.newBuilder()
                .setAlias(Alias.newBuilder().setName(ALIAS).setVersion(first.getName()))
                .setVersion(first)
                .build();
        WatchAliasesResponse.Builder end = WatchAliasesResponse.newBuilder().setSynchronized(true);
        try (AliasFollower _ = new AliasFollower(channel, "production", models, Optional.empty())) {
            StreamObserver<WatchAliasesResponse> watch = watches.take();
            assertThat(tokens.take()).isEmpty();
            watch.onNext(alias);
            watch.onError(Status.UNAVAILABLE.asRuntimeException());
            // The existing aliases were not complete.
            watch = watches.take();
            assertThat(tokens.take()).isEmpty();
            watch.onNext(alias);
            watch.onNext(end.setResumeToken("one").build());
            awaitServed(first);
            watch.onError(Status.UNAVAILABLE.asRuntimeException());
            watch = watches.take();
            assertThat(tokens.take()).isEqualTo("one");
            watch.onNext(end.setResumeToken("two").build());
            watch.onError(Status.UNAVAILABLE.asRuntimeException());
            watch = watches.take();
            assertThat(tokens.take()).isEqualTo("two");
            assertThat(models.list()).hasSize(1);
            watch.onNext(WatchAliasesResponse.newBuilder().setReset(true).build());
            watch.onNext(end.setResumeToken("three").build());
            watch.onError(Status.INVALID_ARGUMENT.asRuntimeException());
            watches.take();
            assertThat(tokens.take()).isEmpty();
            // The aliases of another history replace the known ones.
            awaitNoAlias();
        } finally {
            channel.shutdownNow();
            registry.shutdownNow();
        }
    }

    @Test
    void withTooLittleMemoryTheOldVersionServesUntilMemoryIsAvailable() {
        serve("beside", "100ms");
        Version first = version(1, TinyModel.reciting("abcd"));
        Version second = version(2, TinyModel.reciting("acbd"));
        point(first);
        awaitServed(first);
        available(LITTLE);
        point(second);
        AliasStatus status = await(seen -> seen.state() == failed());
        assertThat(status.version()).isEqualTo(first.getName());
        assertThat(status.pendingVersion()).isEqualTo(second.getName());
        assertThat(status.error())
                .startsWith(second.getName() + " needs about ")
                .endsWith(" MiB of memory, 1 MiB are available");
        try (ModelLease lease = models.lease(ALIAS).orElseThrow()) {
            assertThat(lease.model().version().name()).isEqualTo(first.getName());
            available(PLENTY);
            // The new version loads while the old one is still leased.
            awaitServed(second);
            assertThat(lease.model().generation().orElseThrow().load().slots()).isPositive();
        }
    }

    @Test
    void weightsThatGiveNanAreRejected() throws IOException {
        serve("beside", "1h");
        Version first = version(1, TinyModel.reciting("abcd"));
        point(first);
        awaitServed(first);
        TinyModel diverged = TinyModel.reciting("acbd");
        diverged.tensors.get("blk.0.ffn_down.weight")[0] = Float.NaN;
        point(version(2, diverged));
        AliasStatus status = await(seen -> seen.state() == failed());
        assertThat(status.version()).isEqualTo(first.getName());
        assertThat(status.error())
                .isEqualTo("models/m/versions/2 cannot be decoded: its weights give NaN; they are damaged, or their"
                        + " training diverged");

        TinyModel body = TinyModel.random(4);
        body.tensors.get("blk.1.ffn_down.weight")[0] = Float.NaN;
        Path head = directory.resolve("head.safetensors");
        float[] weight = new float[2 * TinyModel.DIMENSION];
        ClassifierHead.write(
                head, NamedTensor.of("score.weight", weight, 2, TinyModel.DIMENSION), List.of("a", "b"), 40);
        point(version(3, body).toBuilder()
                .setKind(VersionKind.VERSION_KIND_CLASSIFIER)
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD)
                        .setDigest(store.putFile(head).value()))
                .build());
        AliasStatus classifier =
                await(seen -> seen.pendingVersion().equals("models/m/versions/3") && seen.state() == failed());
        assertThat(classifier.error()).startsWith("models/m/versions/3 cannot be decoded: its weights give NaN");
    }

    @Test
    void withTooLittleMemoryReplaceUnloadsTheOldVersionFirst() {
        serve("replace", "1h");
        Version first = version(1, TinyModel.repeating("abcdefg"));
        Version second = version(2, TinyModel.reciting("acbd"));
        point(first);
        awaitServed(first);
        available(LITTLE);
        ModelLease lease = models.lease(ALIAS).orElseThrow();
        Generation endless = lease.model()
                .generation()
                .orElseThrow()
                .submit(GenerationRequest.of(
                        lease.model().tokenizer().promptTokens("a"), CONTEXT - 10, SamplerOptions.GREEDY))
                .getFirst();
        point(second);
        await(status -> status.version().isEmpty());
        assertThat(models.lease(ALIAS)).isEmpty();
        // The running request may finish within the drain time; the test does not read it until then.
        assertThatThrownBy(() -> {
                    Output output = endless.next();
                    while (output instanceof Output.Text) {
                        output = endless.next();
                    }
                })
                .hasFieldOrPropertyWithValue("reason", Reason.CLOSED);
        lease.close();
        awaitServed(second);
    }

    @Test
    void theUnloadedVersionIsLoadedAgainIfTheNewOneFails() throws IOException {
        serve("replace", "1h");
        Version first = version(1, TinyModel.reciting("abcd"));
        Path head = directory.resolve("head.safetensors");
        // A head for another hidden size: the load fails after the old model is unloaded.
        ClassifierHead.write(head, NamedTensor.of("score.weight", new float[14], 2, 7), List.of("a", "b"), 40);
        Version second = version(2, TinyModel.reciting("acbd")).toBuilder()
                .setKind(VersionKind.VERSION_KIND_CLASSIFIER)
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD)
                        .setDigest(store.putFile(head).value()))
                .build();
        point(first);
        awaitServed(first);
        available(LITTLE);
        point(second);
        AliasStatus status =
                await(seen -> seen.state() == failed() && seen.version().equals(first.getName()));
        assertThat(status.error()).contains("a head for hidden states of 7 values");
        assertThat(status.pendingVersion()).isEqualTo(second.getName());
        try (ModelLease lease = models.lease(ALIAS).orElseThrow()) {
            assertThat(lease.model().version().name()).isEqualTo(first.getName());
        }
    }
}
