package io.rootstock.registry.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.backup.Backups.NeededArtifacts;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.job.Peers;
import io.rootstock.registry.storage.ArtifactCollector;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.postgresql.ds.PGSimpleDataSource;

/** An installation whose backups are tested, with its artifacts in {@code artifacts} and its backups in {@code backup}. */
final class BackupFixture implements AutoCloseable {
    static final CopyProgress.Listener SILENT = progress -> {};

    final Path scratch;
    final RegistryHarness registry;
    final Database database;
    final Backups backups;

    BackupFixture(Path scratch) {
        this.scratch = scratch;
        registry = new RegistryHarness(scratch);
        database = Database.open(new DatabaseServer.External(registry.source()));
        backups = new Backups(database, registry.store());
    }

    @Override
    public void close() {
        database.close();
        registry.close();
    }

    ArtifactCollector collector() {
        Peers peers = new Peers(registry.peers().channel(), registry.peers().channel(), Duration.ofSeconds(30));
        return new ArtifactCollector(database, peers, registry.store());
    }

    Backups.Result restore(PGSimpleDataSource target, BackupStore source, String name, Path artifacts) {
        return Restoration.run(
                new DatabaseServer.External(target), new DirectoryArtifactStore(artifacts), source, name, SILENT);
    }

    BackupStore target() {
        return BackupStore.create(
                scratch.resolve("backup").toString(),
                new ArtifactLocation(scratch.resolve("artifacts"), Optional.empty()),
                scratch.resolve("cache"));
    }

    BackupStore opened() {
        return BackupStore.read(scratch.resolve("backup").toString(), scratch.resolve("cache"));
    }

    /** Adds a dataset with an artifact to the tokenizer service's catalogue. */
    void catalogued(String id) {
        Artifact artifact = registry.file(ArtifactKind.ARTIFACT_KIND_UNSPECIFIED, "shard of " + id);
        execute(
                registry.source(),
                "insert into tokenizer.resource (kind, id, fingerprint, request_id, digest, resource)"
                        + " values ('DATASET', '" + id + "', '', '', '" + artifact.getDigest() + "', '')");
    }

    void age(String digest) {
        try {
            for (Digest each : NeededArtifacts.of(registry.store(), List.of(Digest.parse(digest)))
                    .present()
                    .keySet()) {
                Files.setLastModifiedTime(
                        file(scratch.resolve("artifacts"), each.value()),
                        FileTime.from(Instant.now().minus(Duration.ofHours(5))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(Path store, String digest) {
        String hex = Digest.parse(digest).hex();
        return store.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex.substring(2));
    }

    static StatusRuntimeException failure(ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    static void execute(PGSimpleDataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
