package io.rootstock.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.RollbackAliasRequest;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.UpdateVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionOrigin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archived and pinned versions, and versions that were created in another installation. */
class VersionStateTest {
    private static final String PRODUCTION = "models/base/aliases/production";

    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        registry.register("base");
        registry.register("base");
        registry.register("base");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void anArchivedVersionIsNeitherListedNorTheLatest() {
        Version before = version("base:3");
        Version archived = archive(3, true);
        assertThat(archived).isEqualTo(before.toBuilder().setArchived(true).build());
        assertThat(numbers(false)).containsExactly("models/base/versions/2", "models/base/versions/1");
        assertThat(numbers(true)).hasSize(3);
        assertThat(version("base@latest").getName()).isEqualTo("models/base/versions/2");
        assertThat(latest()).isEqualTo(2);
        registry.restart();
        assertThat(version("base:3").getArchived()).isTrue();
        assertThat(archive(3, false)).isEqualTo(before);
        assertThat(version("base@latest").getName()).isEqualTo("models/base/versions/3");
        assertThat(registry.register("base").getName()).isEqualTo("models/base/versions/4");
    }

    @Test
    void aModelWithArchivedVersionsOnlyHasNoLatestOne() {
        List.of(1, 2, 3).forEach(number -> archive(number, true));
        assertThat(latest()).isZero();
        StatusRuntimeException failure =
                catchThrowableOfType(StatusRuntimeException.class, () -> version("base@latest"));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(failure).hasMessageContaining("no version that is not archived");
    }

    @Test
    void noAliasPointsToAnArchivedVersion() {
        alias(1);
        alias(2);
        archive(1, true);
        assertThat(refusal(() -> alias(1)))
                .contains("models/base/versions/1 is archived (rootstock models unarchive base:1)");
        assertThat(refusal(() -> canary(1))).contains("is archived");
        assertThat(refusal(() -> registry.models()
                        .rollbackAlias(RollbackAliasRequest.newBuilder()
                                .setName(PRODUCTION)
                                .build())))
                .contains("is archived");
        assertThat(refusal(() -> registry.models()
                        .setAlias(SetAliasRequest.newBuilder()
                                .setName(PRODUCTION)
                                .setVersion("models/base/versions/1")
                                .setValidateOnly(true)
                                .build())))
                .contains("is archived");
        archive(1, false);
        alias(1);
        assertThat(version("base@production").getName()).isEqualTo("models/base/versions/1");
    }

    @Test
    void aVersionWithAnAliasOrAsCanaryIsNotArchived() {
        alias(1);
        canary(2);
        assertThat(refusal(() -> archive(1, true))).contains("models/base/versions/1 cannot be archived", PRODUCTION);
        assertThat(refusal(() -> archive(2, true))).contains(PRODUCTION, "canary");
        assertThat(numbers(false)).hasSize(3);
    }

    @Test
    void aPinnedVersionIsNotDeleted() {
        assertThat(pin(2, true).getPinned()).isTrue();
        assertThat(refusal(() -> delete(2))).contains("base:2 is pinned (rootstock models unpin base:2)");
        assertThat(refusal(() -> registry.models()
                        .deleteModel(DeleteModelRequest.newBuilder()
                                .setName("models/base")
                                .setForce(true)
                                .build())))
                .contains("base:2 is pinned");
        assertThat(archive(2, true).getPinned()).isTrue();
        assertThat(pin(2, false).getPinned()).isFalse();
        assertThat(version("base:2").getArchived()).isTrue();
        delete(2);
        assertThat(numbers(true)).hasSize(2);
    }

    @Test
    void originDescriptionAndTagsOfARegisteredVersionAreStored() {
        VersionOrigin origin = VersionOrigin.newBuilder()
                .setVersion("models/other/versions/7")
                .addAncestors("models/root/versions/1")
                .setJob("jobs/abc")
                .setCreateTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
                .build();
        Version registered = registry.register(
                "base",
                Version.newBuilder()
                        .setOrigin(origin)
                        .setDescription("short texts")
                        .putTags("reviewed", "yes")
                        .setArchived(true)
                        .setPinned(true));
        Version found = version("base:4");
        assertThat(found).isEqualTo(registered);
        assertThat(found.getOrigin()).isEqualTo(origin);
        assertThat(found.getDescription()).isEqualTo("short texts");
        assertThat(found.getTagsMap()).containsExactly(Map.entry("reviewed", "yes"));
        assertThat(found.getArchived() || found.getPinned()).isFalse();
        assertThat(version("base:3").hasOrigin()).isFalse();
    }

    @Test
    void anInvalidOriginOrDescriptionIsRejectedByField() {
        assertThat(invalid(Version.newBuilder()
                        .setOrigin(VersionOrigin.newBuilder().setVersion("models/other"))))
                .contains("version.origin.version");
        VersionOrigin.Builder many = VersionOrigin.newBuilder().setVersion("models/other/versions/1");
        IntStream.rangeClosed(1, 21).forEach(i -> many.addAncestors("models/root/versions/" + i));
        assertThat(invalid(Version.newBuilder().setOrigin(many)))
                .contains("version.origin.ancestors", "at most 20, were 21");
        assertThat(invalid(Version.newBuilder().setDescription("x".repeat(4097))))
                .contains("version.description");
        assertThat(invalid(Version.newBuilder().putTags("a tag", "x"))).contains("version.tags");
        assertThat(numbers(true)).hasSize(3);
    }

    private String invalid(Version.Builder version) {
        Status status = catchThrowableOfType(StatusRuntimeException.class, () -> registry.register("base", version))
                .getStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        return status.getDescription();
    }

    private Version archive(int number, boolean archived) {
        return update(UpdateVersionRequest.newBuilder().setArchived(archived), number);
    }

    private Version pin(int number, boolean pinned) {
        return update(UpdateVersionRequest.newBuilder().setPinned(pinned), number);
    }

    private Version update(UpdateVersionRequest.Builder request, int number) {
        return registry.models()
                .updateVersion(request.setName("models/base/versions/" + number).build())
                .getVersion();
    }

    private void delete(int number) {
        registry.models()
                .deleteVersion(DeleteVersionRequest.newBuilder()
                        .setName("models/base/versions/" + number)
                        .build());
    }

    private void alias(int number) {
        registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(PRODUCTION)
                        .setVersion("models/base/versions/" + number)
                        .build());
    }

    private void canary(int number) {
        registry.models()
                .setAliasCanary(SetAliasCanaryRequest.newBuilder()
                        .setName(PRODUCTION)
                        .setCanary(AliasCanary.newBuilder()
                                .setVersion("models/base/versions/" + number)
                                .setPercent(10))
                        .build());
    }

    private List<String> numbers(boolean archived) {
        return registry
                .models()
                .listVersions(ListVersionsRequest.newBuilder()
                        .setModel("models/base")
                        .setShowArchived(archived)
                        .build())
                .getVersionsList()
                .stream()
                .map(Version::getName)
                .toList();
    }

    private Version version(String name) {
        return registry.models()
                .getVersion(
                        GetVersionRequest.newBuilder().setName("models/" + name).build())
                .getVersion();
    }

    private long latest() {
        return registry.models()
                .getModel(GetModelRequest.newBuilder().setName("models/base").build())
                .getModel()
                .getLatestVersion();
    }

    private static String refusal(Runnable call) {
        Status status =
                catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus();
        assertThat(status.getCode()).as(status.getDescription()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        return status.getDescription();
    }
}
