package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged service with the setting {@code pinned-version}. */
@Timeout(180)
class PinnedVersionIT {
    private static final String PINNED = "models/m/versions/1";

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    private ArtifactStore store() {
        return new DirectoryArtifactStore(home.resolve("artifacts"));
    }

    private Artifact artifact(ArtifactKind kind, TinyModel model) {
        return artifact(kind, model.write(scratch.resolve(kind + ".gguf")));
    }

    private Artifact artifact(ArtifactKind kind, Path file) {
        return Artifact.newBuilder()
                .setKind(kind)
                .setDigest(store().putFile(file).value())
                .build();
    }

    private static Version version(String name, Artifact... artifacts) {
        return Version.newBuilder()
                .setName(name)
                .setKind(VersionKind.VERSION_KIND_BASE)
                .setJob("jobs/made-here")
                .addAllArtifacts(List.of(artifacts))
                .build();
    }

    private ServiceProcess start(PlayedRegistry registry, String... settings) throws IOException {
        String[] all = new String[settings.length + 2];
        System.arraycopy(settings, 0, all, 0, settings.length);
        all[settings.length] = "rootstock.inference.threads=1";
        all[settings.length + 1] = "rootstock.inference.pinned-version=" + PINNED;
        return new ServiceProcess(home, registry.port(), all);
    }

    private static ServedModel awaitReady(ServiceProcess service) {
        return service.await("models/m", served -> served.getState() == ServedState.SERVED_STATE_READY);
    }

    private static String generate(ServiceProcess service, String model) {
        return service.calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel(model)
                        .setPrompt("a")
                        .setOptions(ServingFixture.options(10))
                        .build())
                .getCompletions(0)
                .getText();
    }

    private static ServingStatus health(ServiceProcess service) {
        return HealthGrpc.newBlockingStub(service.channel())
                .withWaitForReady()
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private String log() throws IOException {
        return Files.readString(home.resolve("service.log"));
    }

    @Test
    void servesOnlyThisVersionAndFollowsNoAliases() throws IOException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            ArtifactKind kind = ArtifactKind.ARTIFACT_KIND_GGUF_F32;
            registry.add(version(PINNED, artifact(kind, TinyModel.reciting("abcd"))));
            registry.promote(version("models/m/versions/2", artifact(kind, TinyModel.reciting("axyz"))));
            registry.promote(version("models/other/versions/1", artifact(kind, TinyModel.reciting("axyz"))));
            try (ServiceProcess service = start(registry)) {
                assertThat(awaitReady(service).getVersion()).isEqualTo(PINNED);
                assertThat(health(service)).isEqualTo(ServingStatus.SERVING);
                assertThat(generate(service, PINNED)).isEqualTo("bcd");
                assertThat(service.calls()
                                .listServedModels(ListServedModelsRequest.getDefaultInstance())
                                .getModelsList())
                        .hasSize(1);
                assertThat(ServingFixture.refusal(() -> generate(service, "models/m/versions/2")))
                        .startsWith("NOT_FOUND");
                assertThat(ServingFixture.refusal(() -> generate(service, "models/other")))
                        .startsWith("NOT_FOUND");
                assertThat(ControlServiceGrpc.newBlockingStub(service.channel())
                                .getLoad(GetLoadRequest.getDefaultInstance())
                                .getEngine())
                        .startsWith("llama.cpp ")
                        .hasSizeGreaterThan("llama.cpp ".length());
            }
            assertThat(registry.watches()).isZero();
            assertThat(home.resolve("inference/served.json")).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Q4_K_M, ARTIFACT_KIND_GGUF_Q4_K_M",
        "Q8_0, ARTIFACT_KIND_GGUF_Q8_0",
        "F16, ARTIFACT_KIND_GGUF_F16",
        "F32, ARTIFACT_KIND_GGUF_F32",
        "ORIGINAL, ARTIFACT_KIND_GGUF_ORIGINAL"
    })
    void servesTheFileOfTheVariant(String variant, ArtifactKind kind) throws IOException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            Artifact wanted = artifact(kind, TinyModel.random(7));
            ArtifactKind otherKind = kind == ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0
                    ? ArtifactKind.ARTIFACT_KIND_GGUF_F32
                    : ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0;
            registry.add(version(PINNED, artifact(otherKind, TinyModel.random(8)), wanted));
            try (ServiceProcess service = start(registry, "rootstock.inference.variant=" + variant)) {
                awaitReady(service);
                assertThat(score(service)).isEqualTo(wanted.getDigest());
            }
        }
    }

    @Test
    void servesAnAdapterOnItsSharedBase() throws IOException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            TinyModel base = TinyModel.random(7);
            Artifact adapter = artifact(
                    ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER, base.writeAdapter(scratch.resolve("adapter"), 3, null));
            registry.add(version(PINNED, artifact(ArtifactKind.ARTIFACT_KIND_GGUF_BASE, base), adapter));
            try (ServiceProcess service = start(registry)) {
                awaitReady(service);
                assertThat(score(service)).isEqualTo(adapter.getDigest());
            }
        }
    }

    /** Returns the digest of the artifact that scores a text. */
    private static String score(ServiceProcess service) {
        return service.calls()
                .score(ScoreRequest.newBuilder()
                        .setModel(PINNED)
                        .setPrompt("a")
                        .addContinuations("b")
                        .build())
                .getDigest();
    }

    @Test
    void isNotReadyWithAVersionThatTheRegistryDoesNotHave() throws IOException {
        try (PlayedRegistry registry = new PlayedRegistry();
                ServiceProcess service = start(registry)) {
            ServedModel served =
                    service.await("models/m", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
            assertThat(served.getError())
                    .isEqualTo(PINNED + " cannot be read from the registry: NOT_FOUND " + PINNED + " not found");
            assertThat(health(service)).isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(log()).contains("cannot load " + PINNED).contains("NOT_FOUND");
        }
    }

    @Test
    void isNotReadyWithAVersionThatCannotBeLoaded() throws IOException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            Path noise = Files.writeString(scratch.resolve("noise"), "GGUF and nothing else");
            registry.add(version(PINNED, artifact(ArtifactKind.ARTIFACT_KIND_GGUF_F32, noise)));
            try (ServiceProcess service = start(registry)) {
                ServedModel served =
                        service.await("models/m", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
                assertThat(served.getError()).startsWith(PINNED + " cannot be served");
                assertThat(health(service)).isEqualTo(ServingStatus.NOT_SERVING);
                assertThat(log()).contains("cannot load " + PINNED);
            }
        }
    }

    @Test
    void waitsForTheRegistry() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            registry.stopServing();
            try (ServiceProcess service = start(registry)) {
                assertThat(health(service)).isEqualTo(ServingStatus.NOT_SERVING);
                registry.add(
                        version(PINNED, artifact(ArtifactKind.ARTIFACT_KIND_GGUF_F32, TinyModel.reciting("abcd"))));
                registry.startServing();
                awaitReady(service);
                assertThat(generate(service, PINNED)).isEqualTo("bcd");
            }
        }
    }

    @Test
    void aMalformedNameStopsTheStart() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry();
                ServiceProcess service =
                        new ServiceProcess(home, registry.port(), "rootstock.inference.pinned-version=models/m@best")) {
            assertThat(service.ended()).isTrue();
            assertThat(log())
                    .contains("rootstock.inference.pinned-version: must be models/{model}/versions/{n}, was"
                            + " 'models/m@best'");
        }
    }
}
