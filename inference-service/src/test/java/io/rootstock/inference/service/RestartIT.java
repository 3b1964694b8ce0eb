package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RestartIT {
    @TempDir
    Path home;

    @TempDir
    Path scratch;

    private ArtifactStore store() {
        return new DirectoryArtifactStore(home.resolve("artifacts"));
    }

    private Version version(int number, TinyModel model) {
        return version(number, store().putFile(model.write(scratch.resolve("model.gguf"))));
    }

    private static Version version(int number, Digest gguf) {
        return Version.newBuilder()
                .setName("models/base/versions/" + number)
                .setKind(VersionKind.VERSION_KIND_BASE)
                .setJob("jobs/made-here")
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(gguf.value()))
                .build();
    }

    /** Starts a service, waits until it serves the version, and kills it. */
    private void serveAndKill(PlayedRegistry registry, Version version) throws IOException, InterruptedException {
        try (ServiceProcess service = new ServiceProcess(home, registry.port(), "rootstock.inference.threads=1")) {
            registry.promote(version);
            service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
            service.kill();
        }
    }

    private ServiceProcess restart(PlayedRegistry registry, String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("rootstock.inference.threads=1");
        all.add("rootstock.inference.load-retry=300ms");
        return new ServiceProcess(home, registry.port(), all.toArray(String[]::new));
    }

    private Path stored(Version version) {
        return store().verified(Digest.parse(version.getArtifacts(0).getDigest()));
    }

    private static Iterator<GenerateStreamResponse> generate(ServiceProcess service, int tokens) {
        return service.calls()
                .generateStream(GenerateStreamRequest.newBuilder()
                        .setModel("base")
                        .setPrompt("a")
                        .setOptions(GenerationOptions.newBuilder()
                                .setMaxTokens(tokens)
                                .setSampling(Sampling.newBuilder().setTemperature(0)))
                        .build());
    }

    private static String text(Iterator<GenerateStreamResponse> responses) {
        StringBuilder text = new StringBuilder();
        responses.forEachRemaining(response -> text.append(response.getText()));
        return text.toString();
    }

    @Test
    void aKilledServiceServesAgainWithoutTheRegistry() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry();
                ServiceProcess service = new ServiceProcess(home, registry.port(), "rootstock.inference.threads=1")) {
            registry.promote(version(1, TinyModel.reciting("abcd")));
            service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
            registry.stopServing();
            assertThat(text(generate(service, 10))).isEqualTo("bcd");
            service.kill();
        }
        try (ServiceProcess service = new ServiceProcess(home, ServiceProcess.freePort())) {
            service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
            assertThat(text(generate(service, 10))).isEqualTo("bcd");
            assertThat(HealthGrpc.newBlockingStub(service.channel())
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void theLastGoodVersionServesAgainWhileThePromotedVersionIsMissing() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            Version good = version(1, TinyModel.reciting("abcd"));
            serveAndKill(registry, good);
            Version next = version(2, TinyModel.reciting("acbd"));
            Path missing = stored(next);
            Path elsewhere = Files.move(missing, scratch.resolve("elsewhere"));
            // The file is deleted from the store; the cache still has it.
            Files.delete(stored(good));
            registry.promote(next);
            try (ServiceProcess service = restart(registry)) {
                ServedModel served = service.await(
                        "models/base",
                        model -> !model.getVersion().isEmpty()
                                && model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
                assertThat(served.getVersion()).isEqualTo(good.getName());
                assertThat(served.getPendingVersion()).isEqualTo(next.getName());
                assertThat(served.getError())
                        .startsWith(next.getName() + " cannot be served")
                        .contains(next.getArtifacts(0).getDigest());
                assertThat(text(generate(service, 10))).isEqualTo("bcd");

                Files.move(elsewhere, missing);
                service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
                assertThat(text(generate(service, 10))).isEqualTo("cbd");
            }
        }
    }

    @Test
    void theLastGoodVersionServesAgainIfThePromotedVersionIsInvalid() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            serveAndKill(registry, version(1, TinyModel.reciting("abcd")));
            Path noise = Files.writeString(scratch.resolve("noise"), "GGUF and nothing else");
            registry.promote(version(2, store().putFile(noise)));
            for (int start = 0; start < 2; start++) {
                try (ServiceProcess service = restart(registry)) {
                    ServedModel served = service.await(
                            "models/base",
                            model -> !model.getVersion().isEmpty()
                                    && model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
                    assertThat(served.getVersion()).isEqualTo("models/base/versions/1");
                    assertThat(served.getPendingVersion()).isEqualTo("models/base/versions/2");
                    assertThat(text(generate(service, 10))).isEqualTo("bcd");
                    service.kill();
                }
            }
        }
    }

    @Test
    void aTemplateThatWouldExhaustMemoryStopsNeitherTheServiceNorOtherModels()
            throws IOException, InterruptedException {
        String doubling = "{% set ns = namespace(s='x') %}" + "{% set ns.s = ns.s + ns.s %}".repeat(60)
                + "{{ messages[0].content }}";
        try (PlayedRegistry registry = new PlayedRegistry()) {
            serveAndKill(registry, version(1, TinyModel.reciting("abcd")));
            registry.promote(version(2, TinyModel.reciting("acbd").chatTemplate(doubling)));
            registry.promote(version(1, TinyModel.reciting("abcd")).toBuilder()
                    .setName("models/other/versions/1")
                    .build());
            for (int start = 0; start < 2; start++) {
                try (ServiceProcess service = restart(registry)) {
                    ServedModel served = service.await(
                            "models/base",
                            model -> !model.getVersion().isEmpty()
                                    && model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
                    assertThat(served.getVersion()).isEqualTo("models/base/versions/1");
                    assertThat(served.getError())
                            .isEqualTo(
                                    "models/base/versions/2 cannot be served: the chat template fails in line 1: a text"
                                            + " becomes longer than 4194304 characters");
                    assertThat(text(generate(service, 10))).isEqualTo("bcd");
                    service.await("models/other", model -> model.getState() == ServedState.SERVED_STATE_READY);
                    service.kill();
                }
            }
        }
    }

    @Test
    void aCorruptLastGoodVersionIsNotServed() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            Version good = version(1, TinyModel.reciting("abcd"));
            serveAndKill(registry, good);
            // Cache and store are hard links to one file, so both are corrupted.
            Path file = stored(good);
            assertThat(file.toFile().setWritable(true)).isTrue();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), Files.size(file) / 2);
            }
            Path noise = Files.writeString(scratch.resolve("noise"), "GGUF and nothing else");
            registry.promote(version(2, store().putFile(noise)));
            try (ServiceProcess service = restart(registry)) {
                ServedModel served = service.await(
                        "models/base",
                        model -> model.getPendingVersion().equals("models/base/versions/2")
                                && model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
                assertThat(served.getVersion()).isEmpty();
                assertThat(ServingFixture.refusal(() -> text(generate(service, 1))))
                        .isEqualTo("UNAVAILABLE LOAD_FAILED");
                assertThat(Files.readString(home.resolve("service.log"))).contains("cannot load " + good.getName());
            }
        }
    }

    @Test
    void anAliasThatTheRegistryDoesNotReturnIsNotServed() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            serveAndKill(registry, version(1, TinyModel.reciting("abcd")));
        }
        try (PlayedRegistry empty = new PlayedRegistry();
                ServiceProcess service = restart(empty)) {
            ServingFixture.await(() ->
                    ServingFixture.refusal(() -> text(generate(service, 1))).equals("NOT_FOUND RESOURCE_NOT_FOUND"));
            assertThat(service.calls()
                            .listServedModels(ListServedModelsRequest.getDefaultInstance())
                            .getModelsList())
                    .isEmpty();
        }
    }

    @Test
    void aRestartedRegistryIsWatchedAgain() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry();
                ServiceProcess service = restart(registry)) {
            registry.promote(version(1, TinyModel.reciting("abcd")));
            service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
            registry.stopServing();
            assertThat(text(generate(service, 10))).isEqualTo("bcd");
            registry.promote(version(2, TinyModel.reciting("acbd")));
            registry.startServing();
            service.await("models/base", model -> model.getVersion().equals("models/base/versions/2"));
            assertThat(text(generate(service, 10))).isEqualTo("cbd");
        }
    }

    @Test
    void aChangedQuantizationIsServedAfterARestart() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            Version full = version(1, TinyModel.reciting("abcd"));
            Version both = full.toBuilder()
                    .addArtifacts(version(1, TinyModel.reciting("acbd")).getArtifacts(0).toBuilder()
                            .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0))
                    .build();
            registry.promote(both);
            try (ServiceProcess service = restart(registry, "rootstock.inference.variant=F32")) {
                service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
                assertThat(text(generate(service, 10))).isEqualTo("bcd");
                service.kill();
            }
            registry.stopServing();
            try (ServiceProcess service = restart(registry, "rootstock.inference.variant=Q8_0")) {
                ServedModel served =
                        service.await("models/base", model -> model.getVersion().equals(both.getName()));
                assertThat(served.getError()).isEmpty();
                // The previous quantization is served until the registry is available and the new one is loaded.
                assertThat(text(generate(service, 10))).isEqualTo("bcd");
                registry.startServing();
                ServingFixture.await(() -> text(generate(service, 10)).equals("cbd"));
            }
        }
    }

    @Test
    void aStoppingServiceLetsStreamsInFlightFinish() throws IOException, InterruptedException {
        int tokens = 3000;
        try (PlayedRegistry registry = new PlayedRegistry();
                ServiceProcess service = new ServiceProcess(home, registry.port(), "rootstock.inference.threads=1")) {
            registry.promote(version(1, TinyModel.repeating("abcdefg").contextLength(4096)));
            service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
            Iterator<GenerateStreamResponse> inFlight = generate(service, tokens);
            String begin = inFlight.next().getText();
            service.terminate();
            assertThat(begin + text(inFlight)).hasSize(tokens);
            assertThat(service.ended()).isTrue();
        }
    }
}
