package io.rootstock.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.GetLineageRequest;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.LineageNode;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListModelsResponse;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ListVersionsResponse;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.UpdateVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.SpecialTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelServiceTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aVersionIsRegisteredWithAllItsFieldsAndFoundByEveryName() {
        Version first = registry.register(
                "base",
                Version.newBuilder()
                        .setDataset("datasets/text")
                        .setTokenizer("tokenizers/bytes")
                        .setLicense("apache-2.0")
                        .putMetrics("bits_per_byte", 1.0 / 3)
                        .putMetrics("accuracy", 0.1));
        Version second = registry.register("base");
        assertThat(first.getName()).isEqualTo("models/base/versions/1");
        assertThat(second.getName()).isEqualTo("models/base/versions/2");
        assertThat(first.getMetricsMap())
                .containsEntry("bits_per_byte", 1.0 / 3)
                .containsEntry("accuracy", 0.1);
        assertThat(first.getLicense()).isEqualTo("apache-2.0");
        assertThat(first.getArtifactsList()).hasSize(2).allMatch(artifact -> artifact.getBytes() > 0);
        assertThat(get("base:1")).isEqualTo(first);
        assertThat(get("base@latest")).isEqualTo(second);
        alias("base", "production", 1);
        assertThat(get("models/base@production")).isEqualTo(first);
        Model model = registry.models()
                .getModel(GetModelRequest.newBuilder().setName("models/base").build())
                .getModel();
        assertThat(model.getLatestVersion()).isEqualTo(2);
        assertThat(model.getAliasesList()).extracting("name").containsExactly("models/base/aliases/production");
    }

    @Test
    void specialTokensAreStoredWithTheHuggingFaceArtifact() {
        Artifact folder = registry.directory("smol").toBuilder()
                .setSpecialTokens(SpecialTokens.newBuilder()
                        .setAddBos(true)
                        .setBos("<s>")
                        .setEos("</s>")
                        .addEndOfTurn("<|im_end|>"))
                .build();
        create("smol", folder);
        assertThat(get("smol:1").getArtifactsList()).containsExactly(folder);

        create("earlier", registry.directory("earlier"));
        assertThat(get("earlier:1").getArtifacts(0).hasSpecialTokens()).isFalse();
    }

    @Test
    void missingResourcesAreNotFound() {
        registry.register("base");
        for (String name : List.of("base:2", "base@production", "other@latest", "models/other/versions/1")) {
            assertThat(code(() -> get(name))).isEqualTo(Status.Code.NOT_FOUND);
        }
    }

    @Test
    void theDatabaseRejectsChangesOfAVersion() {
        registry.register("base", Version.newBuilder().putMetrics("accuracy", 1));
        for (String sql : List.of(
                "update registry.version set kind = 'INSTRUCT'",
                "delete from registry.version",
                "truncate registry.version cascade",
                "update registry.version_artifact set bytes = 1",
                "delete from registry.version_artifact",
                "insert into registry.version_artifact (model, number, position, kind, digest, bytes)"
                        + " values ('base', 1, 9, 'GGUF_ADAPTER', '', 1)",
                "delete from registry.version_metric",
                "insert into registry.version_metric (model, number, name, value) values ('base', 1, 'loss', 0)")) {
            assertThatThrownBy(() -> execute(sql)).hasMessageContaining("never change");
        }
    }

    @Test
    void aVersionWithAMissingArtifactOrAWrongSizeIsRejectedByField() {
        Artifact stored = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "four");
        Artifact missing =
                stored.toBuilder().setDigest("sha256:" + "0".repeat(64)).build();
        assertThat(field(() -> create("base", missing))).isEqualTo("version.artifacts[0].digest");
        Artifact larger = stored.toBuilder().setBytes(5).build();
        assertThat(field(() -> create("base", larger))).isEqualTo("version.artifacts[0].bytes");
        Artifact unknown = stored.toBuilder().clearKind().build();
        assertThat(field(() -> create("base", unknown))).isEqualTo("version.artifacts[0].kind");
        assertThat(create("base", stored.toBuilder().clearBytes().build())
                        .getArtifacts(0)
                        .getBytes())
                .isEqualTo(4);
    }

    @Test
    void aDirectoryThatStatesAWrongSizeIsRejected() {
        String digest =
                registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "four").getDigest();
        Artifact directory = registry
                .file(
                        ArtifactKind.ARTIFACT_KIND_HUGGING_FACE,
                        "{\"files\":[{\"path\":\"a\",\"digest\":\"" + digest + "\",\"bytes\":4000000000000}]}")
                .toBuilder()
                .clearBytes()
                .build();
        assertThat(field(() -> create("base", directory))).isEqualTo("version.artifacts[0].digest");
    }

    @Test
    void aLicenseIsAnIdentifier() {
        for (String license : List.of("Apache 2.0", "mit\nlicense", "x".repeat(65))) {
            assertThat(field(
                            () -> registry.register("base", Version.newBuilder().setLicense(license))))
                    .isEqualTo("version.license");
        }
    }

    @Test
    void descriptionsAndTagsChangeAndAreKeptByTheDatabase() {
        registry.register("base", Version.newBuilder().putMetrics("accuracy", 0.5));
        Model model = registry.models()
                .updateModel(UpdateModelRequest.newBuilder()
                        .setName("models/base")
                        .setDescription("Prose\nin English")
                        .putTags("team", "docs")
                        .putTags("draft", "")
                        .build())
                .getModel();
        assertThat(model.getDescription()).isEqualTo("Prose\nin English");
        assertThat(model.getTagsMap()).containsOnly(entry("team", "docs"), entry("draft", ""));
        Version version = updateVersion(UpdateVersionRequest.newBuilder().putTags("reviewed", "no"));
        assertThat(version.getMetricsMap()).containsEntry("accuracy", 0.5);
        assertThat(version.getDescription()).isEmpty();
        updateVersion(UpdateVersionRequest.newBuilder().setDescription("second epoch"));
        version = updateVersion(UpdateVersionRequest.newBuilder()
                .putTags("reviewed", "yes")
                .putTags("by", "Kim")
                .addRemovedTags("unknown"));
        assertThat(version.getDescription()).isEqualTo("second epoch");
        assertThat(version.getTagsMap()).containsOnly(entry("reviewed", "yes"), entry("by", "Kim"));
        model = registry.models()
                .updateModel(UpdateModelRequest.newBuilder()
                        .setName("models/base")
                        .setDescription("")
                        .addRemovedTags("draft")
                        .build())
                .getModel();
        assertThat(model.getDescription()).isEmpty();
        assertThat(model.getTagsMap()).containsOnly(entry("team", "docs"));

        registry.restart();
        assertThat(get("base:1")).isEqualTo(version);
        assertThat(registry.models()
                        .getModel(GetModelRequest.newBuilder()
                                .setName("models/base")
                                .build())
                        .getModel())
                .isEqualTo(model);
    }

    @Test
    void modelsAndVersionsAreListedByTags() {
        registry.register("base");
        registry.register("base");
        registry.register("other");
        updateVersion(UpdateVersionRequest.newBuilder().putTags("reviewed", "yes"));
        registry.models()
                .updateModel(UpdateModelRequest.newBuilder()
                        .setName("models/other")
                        .putTags("team", "docs")
                        .build());
        assertThat(registry.models()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("models/base")
                                .putTags("reviewed", "yes")
                                .build())
                        .getVersionsList())
                .extracting(Version::getName)
                .containsExactly("models/base/versions/1");
        assertThat(registry.models()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("models/base")
                                .build())
                        .getVersionsList())
                .hasSize(2);
        assertThat(registry.models()
                        .listModels(ListModelsRequest.newBuilder()
                                .putTags("team", "docs")
                                .build())
                        .getModelsList())
                .extracting(Model::getName)
                .containsExactly("models/other");
    }

    @Test
    void invalidTagsAndDescriptionsAreRejectedByField() {
        registry.register("base");
        assertThat(field(() -> updateVersion(UpdateVersionRequest.newBuilder().putTags(" key", ""))))
                .isEqualTo("tags");
        assertThat(field(() -> updateVersion(UpdateVersionRequest.newBuilder().putTags("key", "a\nb"))))
                .isEqualTo("tags");
        assertThat(field(() -> updateVersion(
                        UpdateVersionRequest.newBuilder().putTags("key", "").addRemovedTags("key"))))
                .isEqualTo("removed_tags");
        assertThat(field(() -> updateVersion(UpdateVersionRequest.newBuilder().setDescription("x".repeat(4097)))))
                .isEqualTo("description");
        UpdateVersionRequest.Builder many = UpdateVersionRequest.newBuilder();
        for (int i = 0; i < 64; i++) {
            many.putTags("key" + i, "");
        }
        assertThat(updateVersion(many).getTagsCount()).isEqualTo(64);
        assertThat(field(() -> updateVersion(UpdateVersionRequest.newBuilder().putTags("another", ""))))
                .isEqualTo("tags");
        assertThat(get("base:1").getTagsCount()).isEqualTo(64);
        assertThat(code(() -> registry.models()
                        .updateVersion(UpdateVersionRequest.newBuilder()
                                .setName("models/base/versions/2")
                                .build())))
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(code(() -> registry.models()
                        .updateModel(UpdateModelRequest.newBuilder()
                                .setName("models/other")
                                .build())))
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    private Version updateVersion(UpdateVersionRequest.Builder request) {
        return registry.models()
                .updateVersion(request.setName("models/base/versions/1").build())
                .getVersion();
    }

    @Test
    void aVersionWithACorruptArtifactIsDataLoss() throws IOException {
        Artifact directory = registry.directory("content");
        Path file;
        try (var files = Files.walk(scratch.resolve("artifacts"))) {
            file = files.filter(path -> Files.isRegularFile(path) && hasContent(path, "content"))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(file.toFile().setWritable(true)).isTrue();
        Files.writeString(file, "CONTENT");
        assertThat(code(() -> create("base", directory))).isEqualTo(Status.Code.DATA_LOSS);
    }

    @Test
    void aRepeatedRequestIdReturnsTheSameVersionAndRejectsOtherContent() {
        Artifact artifact = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "content");
        CreateVersionRequest request =
                request("base", artifact).setRequestId("once").build();
        Version first = registry.models().createVersion(request).getVersion();
        assertThat(registry.models().createVersion(request).getVersion()).isEqualTo(first);
        CreateVersionRequest other =
                request.toBuilder().setModel("models/other").build();
        assertThat(code(() -> registry.models().createVersion(other))).isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(get("base@latest")).isEqualTo(first);
    }

    @Test
    void validateOnlyCreatesNothing() {
        Artifact artifact = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "content");
        registry.models()
                .createVersion(request("base", artifact).setValidateOnly(true).build());
        assertThat(code(() -> get("base@latest"))).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void pagesThroughAllModelsAndVersionsAndRejectsAForeignToken() {
        for (String model : List.of("c", "a", "b")) {
            registry.register(model);
        }
        registry.register("a");
        registry.register("a");
        List<String> models = new ArrayList<>();
        String token = "";
        do {
            ListModelsResponse page = registry.models()
                    .listModels(ListModelsRequest.newBuilder()
                            .setPageSize(2)
                            .setPageToken(token)
                            .build());
            page.getModelsList().forEach(model -> models.add(model.getName()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(models).containsExactly("models/a", "models/b", "models/c");
        ListVersionsResponse newest = registry.models()
                .listVersions(ListVersionsRequest.newBuilder()
                        .setModel("models/a")
                        .setPageSize(2)
                        .build());
        assertThat(newest.getVersionsList())
                .extracting("name")
                .containsExactly("models/a/versions/3", "models/a/versions/2");
        ListVersionsRequest second = ListVersionsRequest.newBuilder()
                .setModel("models/a")
                .setPageToken(newest.getNextPageToken())
                .build();
        assertThat(registry.models().listVersions(second).getVersionsList())
                .extracting("name")
                .containsExactly("models/a/versions/1");
        assertThat(field(() -> registry.models()
                        .listVersions(second.toBuilder().setModel("models/b").build())))
                .isEqualTo("page_token");
    }

    @Test
    void lineageShowsTheWholeTreeFromAnyVersionInIt() {
        Version root = registry.register("base");
        Version child = registry.register("spam", Version.newBuilder().setParent("base@latest"));
        registry.register("spam", Version.newBuilder().setParent(root.getName()));
        Version grandchild = registry.register("spam", Version.newBuilder().setParent(child.getName()));
        registry.register("stranger");
        alias("spam", "production", 1);
        LineageNode tree = registry.models()
                .getLineage(GetLineageRequest.newBuilder()
                        .setName(grandchild.getName())
                        .build())
                .getRoot();
        assertThat(tree.getVersion()).isEqualTo(root);
        assertThat(tree.getChildrenList())
                .extracting(node -> node.getVersion().getName())
                .containsExactly("models/spam/versions/1", "models/spam/versions/2");
        assertThat(tree.getChildren(0).getAliasesList()).containsExactly("models/spam/aliases/production");
        assertThat(tree.getChildren(0).getChildrenList())
                .extracting(LineageNode::getVersion)
                .containsExactly(grandchild);
    }

    @Test
    void lineageOfALongChainIsBounded() {
        registry.register("chain");
        for (int number = 1; number < 70; number++) {
            registry.register("chain", Version.newBuilder().setParent("chain:" + number));
        }
        assertThat(root("chain:70").getVersion().getName()).isEqualTo("models/chain/versions/50");
        LineageNode node = root("chain:1");
        int generations = 0;
        while (node.getChildrenCount() > 0) {
            node = node.getChildren(0);
            generations++;
        }
        assertThat(generations).isEqualTo(40);
    }

    private LineageNode root(String version) {
        return registry.models()
                .getLineage(GetLineageRequest.newBuilder().setName(version).build())
                .getRoot();
    }

    private Version create(String model, Artifact artifact) {
        return registry.models().createVersion(request(model, artifact).build()).getVersion();
    }

    private static CreateVersionRequest.Builder request(String model, Artifact artifact) {
        return CreateVersionRequest.newBuilder()
                .setModel("models/" + model)
                .setVersion(Version.newBuilder()
                        .setKind(VersionKind.VERSION_KIND_BASE)
                        .addArtifacts(artifact));
    }

    private Version get(String name) {
        return registry.models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    private void alias(String model, String alias, long number) {
        registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName("models/" + model + "/aliases/" + alias)
                        .setVersion("models/" + model + "/versions/" + number)
                        .build());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean hasContent(Path file, String content) {
        try {
            return Files.size(file) == content.length()
                    && Files.readString(file).equals(content);
        } catch (IOException e) {
            return false;
        }
    }

    private static Status.Code code(Runnable call) {
        return failure(call).getStatus().getCode();
    }

    private static String field(Runnable call) {
        try {
            return StatusProto.fromThrowable(failure(call))
                    .getDetails(1)
                    .unpack(BadRequest.class)
                    .getFieldViolations(0)
                    .getField();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static StatusRuntimeException failure(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call did not fail");
    }
}
