package io.rootstock.registry.deletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.stub.BlockingClientCall;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.DeleteAliasRequest;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.ListFilesRequest;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.UpdateVersionRequest;
import io.rootstock.registry.v1.UploadFileRequest;
import io.rootstock.registry.v1.UploadFileResponse;
import io.rootstock.registry.v1.Version;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PrunedGroup;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {
    private static final Optional<Duration> WEEK = Optional.of(Duration.ofDays(7));
    private static final Optional<Duration> NEVER = Optional.empty();

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
    void oldVersionsExpireExceptNewestPinnedArchivedPromotedAndParents() throws SQLException {
        for (int i = 1; i <= 7; i++) {
            registry.register("base");
        }
        registry.register("tuned", Version.newBuilder().setParent("models/base/versions/5"));
        update(2, UpdateVersionRequest.newBuilder().setPinned(true));
        update(3, UpdateVersionRequest.newBuilder().setArchived(true));
        alias(4);
        execute(
                "version",
                "update registry.version set create_time = create_time - interval '8 days' where number <> 6");
        registry.restartWithExpiry(new ExpiryLimits(WEEK, NEVER, NEVER));
        List<PrunedGroup> report = prune(false);
        assertThat(report).hasSize(2);
        assertThat(report.getFirst().getDescription()).isEqualTo("versions that were never promoted, older than 7 d");
        assertThat(report.getFirst().getNamesList()).containsExactly("models/base/versions/1");
        assertThat(versions()).hasSize(7);
        assertThat(prune(true).getFirst().getNamesList()).containsExactly("models/base/versions/1");
        assertThat(versions()).containsExactly(7L, 6L, 5L, 4L, 3L, 2L);
        assertThat(prune(true).getFirst().getItems()).isZero();
    }

    @Test
    void aVersionExpiresAfterItsLastAliasMoved() throws SQLException {
        registry.register("base");
        registry.register("base");
        registry.register("base");
        alias(1);
        alias(2);
        execute("version", "update registry.version set create_time = create_time - interval '9 days'");
        registry.restartWithExpiry(new ExpiryLimits(WEEK, WEEK, NEVER));
        assertThat(prune(false)).extracting(PrunedGroup::getItems).startsWith(0L, 0L);
        execute("alias_move", "update registry.alias_move set move_time = move_time - interval '8 days'");
        PrunedGroup retired = prune(false).get(1);
        assertThat(retired.getDescription()).isEqualTo("versions that were promoted before, older than 7 d");
        assertThat(retired.getNamesList()).containsExactly("models/base/versions/1");
        registry.models()
                .deleteAlias(DeleteAliasRequest.newBuilder()
                        .setName("models/base/aliases/production")
                        .build());
        prune(true);
        assertThat(versions()).containsExactly(3L, 2L);
    }

    @Test
    void theLoopOfTheLeaderDeletesWithoutARequest() throws SQLException {
        registry.register("base");
        registry.register("base");
        execute("version", "update registry.version set create_time = create_time - interval '8 days'");
        registry.restartWithExpiryLoop(new ExpiryLimits(WEEK, NEVER, NEVER));
        RegistryHarness.eventually(() -> versions().equals(List.of(2L)));
    }

    @Test
    void oldFilesExpire() throws Exception {
        String old = upload("old");
        String young = upload("young");
        execute(
                "file",
                "update registry.file set create_time = create_time - interval '8 days' where file_name <> 'young.jsonl'");
        registry.restartWithExpiry(new ExpiryLimits(NEVER, NEVER, WEEK));
        PrunedGroup report = prune(false).getFirst();
        assertThat(report.getDescription()).isEqualTo("files of clients, older than 7 d");
        assertThat(report.getNamesList()).containsExactly(old);
        assertThat(report.getBytes()).isEqualTo(3);
        assertThat(prune(true).getFirst()).isEqualTo(report);
        assertThat(files()).containsExactly(young);
    }

    @Test
    void withoutLimitsNothingExpires() throws SQLException {
        registry.register("base");
        registry.register("base");
        execute("version", "update registry.version set create_time = create_time - interval '9 years'");
        assertThat(prune(true)).hasSize(1);
        assertThat(versions()).hasSize(2);
    }

    @Test
    void aLimitWithoutAUnitIsRejected() {
        assertThatThrownBy(() -> new ExpiryLimits(Optional.of(Duration.ofSeconds(30)), NEVER, NEVER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rootstock.registry.unpromoted-ttl must be at least 1h, was 30 seconds");
    }

    private List<PrunedGroup> prune(boolean apply) {
        return registry.storage()
                .prune(PruneRequest.newBuilder().setApply(apply).build())
                .getGroupsList();
    }

    private void update(int number, UpdateVersionRequest.Builder request) {
        assertThat(registry.models()
                        .updateVersion(request.setName("models/base/versions/" + number)
                                .build())
                        .hasVersion())
                .isTrue();
    }

    private void alias(int number) {
        registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName("models/base/aliases/production")
                        .setVersion("models/base/versions/" + number)
                        .build());
    }

    private List<Long> versions() {
        return registry
                .models()
                .listVersions(ListVersionsRequest.newBuilder()
                        .setModel("models/base")
                        .setShowArchived(true)
                        .build())
                .getVersionsList()
                .stream()
                .map(version -> Long.parseLong(
                        version.getName().substring(version.getName().lastIndexOf('/') + 1)))
                .toList();
    }

    private List<String> files() throws Exception {
        return registry.files().listFiles(ListFilesRequest.getDefaultInstance()).getFilesList().stream()
                .map(file -> file.getName())
                .toList();
    }

    private String upload(String content) throws Exception {
        BlockingClientCall<UploadFileRequest, UploadFileResponse> call =
                registry.files().uploadFile();
        call.write(UploadFileRequest.newBuilder()
                .setHeader(FileHeader.newBuilder()
                        .setFileName(content + ".jsonl")
                        .setPurpose(FilePurpose.FILE_PURPOSE_FINE_TUNE)
                        .setBytes(content.length()))
                .build());
        call.write(UploadFileRequest.newBuilder()
                .setChunk(ByteString.copyFromUtf8(content))
                .build());
        call.halfClose();
        return call.read().getFile().getName();
    }

    /** Changes a table that never changes otherwise. */
    private void execute(String table, String sql) throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter table registry." + table + " disable trigger user");
            statement.execute(sql);
            statement.execute("alter table registry." + table + " enable trigger user");
        }
    }
}
