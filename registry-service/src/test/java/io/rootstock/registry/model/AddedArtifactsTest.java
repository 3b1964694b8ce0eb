package io.rootstock.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.rootstock.access.v1.Role;
import io.rootstock.artifacts.Digest;
import io.rootstock.client.TokenCredentials;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.AddVersionArtifactRequest;
import io.rootstock.registry.v1.AddVersionArtifactResponse;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Principal;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.CreateGgufRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddedArtifactsTest {
    private static final String INSTALLATION = "the-token-of-the-installation";
    private static final ArtifactKind Q4_K_M = ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M;

    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private ModelServiceGrpc.ModelServiceBlockingStub models;

    @BeforeEach
    void start() throws IOException {
        registry = RegistryHarness.withToken(scratch, Files.writeString(scratch.resolve("token"), INSTALLATION));
        models = as(INSTALLATION, registry.models());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void theTrainerMakesAGgufFileOfTheVersionOnceAndPruningKeepsIt() throws Exception {
        Version version = register("base");
        String directory = version.getArtifacts(0).getDigest();
        Artifact file = registry.file(Q4_K_M, "gguf base of " + directory);
        Version expected = version.toBuilder().addArtifacts(file).build();

        List<AddVersionArtifactResponse> responses = responses(models, version, Q4_K_M);
        assertThat(responses.getFirst().getStage()).isEqualTo("quantize");
        assertThat(responses.getLast().getVersion()).isEqualTo(expected);
        assertThat(add(models, version, Q4_K_M)).isEqualTo(expected);
        assertThat(registry.peers().ggufs())
                .containsExactly(CreateGgufRequest.newBuilder()
                        .setHuggingFaceDigest(directory)
                        .setKind(Q4_K_M)
                        .setModelName("base")
                        .build());
        assertThat(get(version)).isEqualTo(expected);

        Path stored = registry.store().verified(Digest.parse(file.getDigest()));
        Files.setLastModifiedTime(stored, FileTime.from(Instant.now().minusSeconds(100_000)));
        assertThat(as(INSTALLATION, registry.storage())
                        .prune(PruneRequest.newBuilder().setApply(true).build())
                        .getGroups(0)
                        .getItems())
                .isZero();
        assertThat(stored).exists();
        assertThat(models.deleteVersion(DeleteVersionRequest.newBuilder()
                                .setName(version.getName())
                                .build())
                        .isInitialized())
                .isTrue();
    }

    @Test
    void aTrainerAddsFilesOnlyToVersionsThatNoAliasServes() {
        Version production = register("base");
        Version canary = register("base");
        Version spare = register("base");
        models.setAlias(SetAliasRequest.newBuilder()
                .setName("models/base/aliases/production")
                .setVersion(production.getName())
                .build());
        models.setAliasCanary(SetAliasCanaryRequest.newBuilder()
                .setName("models/base/aliases/production")
                .setCanary(AliasCanary.newBuilder().setVersion(canary.getName()).setPercent(10))
                .build());
        var trainer = as(token("users/tom", Role.ROLE_TRAINER), registry.models());

        for (Version served : List.of(production, canary)) {
            assertThatThrownBy(() -> add(trainer, served, Q4_K_M))
                    .hasMessage("PERMISSION_DENIED: users/tom lacks the role promoter for " + served.getName()
                            + "; an admin grants it with `rootstock users grant`");
            assertThat(get(served)).isEqualTo(served);
        }
        assertThat(registry.peers().ggufs()).isEmpty();
        assertThat(add(trainer, spare, Q4_K_M).getArtifactsCount()).isEqualTo(3);

        var promoter = as(token("users/petra", Role.ROLE_TRAINER, Role.ROLE_PROMOTER), registry.models());
        assertThat(add(promoter, production, Q4_K_M).getArtifactsCount()).isEqualTo(3);
        // The version has the file: nothing to add.
        assertThat(add(trainer, production, Q4_K_M).getArtifactsCount()).isEqualTo(3);
    }

    @Test
    void whatCannotBeMadeIsRefused() {
        Version version = register("base");
        refused(version, ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD, "INVALID_ARGUMENT: kind: must be GGUF_F32");
        Version shared = models.createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/shared")
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_BASE, "shared")))
                        .build())
                .getVersion();
        refused(shared, Q4_K_M, "FAILED_PRECONDITION: models/shared/versions/1 has no Hugging Face directory");
        registry.peers().stopServing();
        refused(version, Q4_K_M, "UNAVAILABLE: the trainer is unavailable");
        assertThat(get(version)).isEqualTo(version);
    }

    private void refused(Version version, ArtifactKind kind, String message) {
        assertThatThrownBy(() -> add(models, version, kind)).hasMessageStartingWith(message);
    }

    private Version register(String model) {
        return models.createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/" + model)
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .addArtifacts(registry.directory(model))
                                .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "gguf " + model)))
                        .build())
                .getVersion();
    }

    private Version get(Version version) {
        return models.getVersion(GetVersionRequest.newBuilder()
                        .setName(version.getName())
                        .build())
                .getVersion();
    }

    private String token(String user, Role... roles) {
        Principal.Builder principal = Principal.newBuilder().setName(user);
        for (Role role : roles) {
            principal.addGrants(Grant.newBuilder().setRole(role).setPrefix("models/base/"));
        }
        var identity = as(INSTALLATION, registry.identity());
        identity.createPrincipal(
                CreatePrincipalRequest.newBuilder().setPrincipal(principal).build());
        return identity.createAccessToken(
                        CreateAccessTokenRequest.newBuilder().setPrincipal(user).build())
                .getSecret();
    }

    private static Version add(ModelServiceGrpc.ModelServiceBlockingStub models, Version version, ArtifactKind kind) {
        return responses(models, version, kind).getLast().getVersion();
    }

    private static List<AddVersionArtifactResponse> responses(
            ModelServiceGrpc.ModelServiceBlockingStub models, Version version, ArtifactKind kind) {
        List<AddVersionArtifactResponse> responses = new ArrayList<>();
        models.addVersionArtifact(AddVersionArtifactRequest.newBuilder()
                        .setName(version.getName())
                        .setKind(kind)
                        .build())
                .forEachRemaining(responses::add);
        return responses;
    }

    private static <S extends AbstractStub<S>> S as(String token, S stub) {
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, TokenCredentials.SCHEME + token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
