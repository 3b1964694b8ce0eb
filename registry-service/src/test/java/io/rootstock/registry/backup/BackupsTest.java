package io.rootstock.registry.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.database.TestDatabase;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.storage.ArtifactCollector;
import io.rootstock.registry.storage.CollectionLock;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.Pruning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes and verifies backups of an idle installation. */
class BackupsTest {
    @TempDir
    private Path scratch;

    private BackupFixture fixture;

    @BeforeEach
    void start() {
        fixture = new BackupFixture(scratch);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aChangedByteIsFoundByVerifyAndByRestore() throws Exception {
        Version version = fixture.registry.register("base");
        Backups.Result result;
        try (BackupStore target = fixture.target()) {
            result = fixture.backups.create(target, BackupFixture.SILENT);
        }
        String model = version.getArtifacts(1).getDigest();
        for (String damaged : List.of(model, rowsOf("version"), listOfArtifacts())) {
            Path file = BackupFixture.file(scratch.resolve("backup"), damaged);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
            try (BackupStore source = fixture.opened()) {
                Backups.Result verified = Backups.verify(source, result.name(), BackupFixture.SILENT);
                assertThat(verified.dangling()).containsExactly(damaged);
                PGSimpleDataSource empty = TestDatabase.createEmpty();
                StatusRuntimeException failure = BackupFixture.failure(
                        () -> fixture.restore(empty, source, "", Files.createTempDirectory(scratch, "restored")));
                assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
                assertThat(failure).hasMessageContaining(damaged);
                try (Connection connection = empty.getConnection()) {
                    assertThat(DatabaseLoad.resources(connection)).isEmpty();
                }
            }
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        Files.writeString(scratch.resolve("backup/documents/" + result.name()), "sha256:" + "0".repeat(64));
        try (BackupStore source = fixture.opened()) {
            assertThat(BackupFixture.failure(() -> Backups.verify(source, "", BackupFixture.SILENT))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.DATA_LOSS);
        }
    }

    @Test
    void missingArtifactsOfTheInstallationAreReportedAndDoNotPreventTheBackup() throws Exception {
        Version version = fixture.registry.register("base");
        String lost = version.getArtifacts(1).getDigest();
        Files.delete(BackupFixture.file(scratch.resolve("artifacts"), lost));
        assertThat(fixture.backups.verify(BackupFixture.SILENT).dangling()).containsExactly(lost);
        try (BackupStore target = fixture.target()) {
            Backups.Result result = fixture.backups.create(target, BackupFixture.SILENT);
            assertThat(result.dangling()).containsExactly(lost);
            assertThat(Backups.verify(target, "", BackupFixture.SILENT).danglingCount())
                    .isEqualTo(1);
            PGSimpleDataSource empty = TestDatabase.createEmpty();
            assertThat(fixture.restore(empty, target, "", scratch.resolve("restored"))
                            .dangling())
                    .containsExactly(lost);
        }
    }

    @Test
    void anInterruptedBackupIsNoBackupAndTheNextReusesItsArtifacts() throws Exception {
        fixture.registry.register("base");
        try (BackupStore target = fixture.target()) {
            assertThat(BackupFixture.failure(() -> fixture.backups.create(target, progress -> {
                                if (progress.phase().equals("copying artifacts")) {
                                    throw Status.CANCELLED.asRuntimeException();
                                }
                            }))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.CANCELLED);
            StatusRuntimeException incomplete =
                    BackupFixture.failure(() -> Backups.verify(target, "", BackupFixture.SILENT));
            assertThat(incomplete.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
            assertThat(incomplete).hasMessageContaining("a complete backup in");
            Backups.Result repeated = fixture.backups.create(target, BackupFixture.SILENT);
            assertThat(repeated.artifacts()).isEqualTo(3);
            assertThat(repeated.copiedArtifacts()).isZero();
            assertThat(BackupFixture.failure(() -> Backups.verify(target, "backup-none", BackupFixture.SILENT)))
                    .hasMessageContaining(repeated.name());
        }
    }

    @Test
    void aDeletedBackupTakesWithItWhatNoOtherBackupHas() throws Exception {
        fixture.registry.register("base");
        try (BackupStore target = fixture.target()) {
            Backups.Result first = fixture.backups.create(target, BackupFixture.SILENT);
            fixture.registry.register("other");
            Backups.Result second = fixture.backups.create(target, BackupFixture.SILENT);
            assertThat(target.names()).containsExactly(first.name(), second.name());

            BackupDeletion young = fixture.backups.delete(target, first.name());
            assertThat(young.removed()).isZero();
            assertThat(young.kept()).isPositive();
            assertThat(target.names()).containsExactly(second.name());

            Instant later = Instant.now().plusSeconds(3600);
            Backups.Result third = fixture.backups.create(target, BackupFixture.SILENT);
            BackupDeletion deletion = BackupDeletion.run(fixture.database, target, third.name(), later);
            // The manifest and the list of each deleted backup, and the tables that have changed.
            assertThat(deletion.removed()).isGreaterThanOrEqualTo(young.kept());
            assertThat(deletion.removedBytes()).isPositive();
            assertThat(deletion.kept()).isZero();
            Backups.Result verified = Backups.verify(target, "", BackupFixture.SILENT);
            assertThat(verified.name()).isEqualTo(second.name());
            assertThat(verified.danglingCount()).isZero();
            assertThat(verified.artifacts()).isEqualTo(second.artifacts());
            assertThat(BackupFixture.failure(() -> fixture.backups.delete(target, first.name()))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.NOT_FOUND);
            assertThat(BackupFixture.failure(() -> fixture.backups.delete(target, "")))
                    .hasMessageContaining("backup: ");
        }
    }

    @Test
    void nothingIsDeletedBesideADamagedBackupOrWhileABackupIsMade() throws Exception {
        fixture.registry.register("base");
        try (BackupStore target = fixture.target()) {
            Backups.Result first = fixture.backups.create(target, BackupFixture.SILENT);
            Backups.Result second = fixture.backups.create(target, BackupFixture.SILENT);
            try (CollectionLock _ = CollectionLock.forBackup(fixture.database)) {
                assertThat(BackupFixture.failure(() -> fixture.backups.delete(target, first.name()))
                                .getStatus()
                                .getCode())
                        .isEqualTo(Status.Code.UNAVAILABLE);
            }
            Files.writeString(scratch.resolve("backup/documents/" + second.name()), "sha256:" + "0".repeat(64));
            StatusRuntimeException refusal = BackupFixture.failure(() -> fixture.backups.delete(target, first.name()));
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
            assertThat(refusal).hasMessageContaining(second.name());
            assertThat(target.names()).containsExactly(first.name(), second.name());

            BackupDeletion _ = fixture.backups.delete(target, second.name());
            assertThat(Backups.verify(target, "", BackupFixture.SILENT).danglingCount())
                    .isZero();
        }
    }

    @Test
    void locationsInsideTheInstallationAndRelativeOnesAreRefused() {
        ArtifactLocation own = new ArtifactLocation(scratch.resolve("artifacts"), Optional.empty());
        for (String location :
                List.of("relative", "", scratch.resolve("artifacts/x").toString(), "ftp://host/x")) {
            StatusRuntimeException failure = BackupFixture.failure(() ->
                    BackupStore.create(location, own, scratch.resolve("cache")).close());
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(failure).hasMessageContaining("to: ");
        }
        assertThat(BackupFixture.failure(
                        () -> BackupStore.read(scratch.resolve("none").toString(), scratch)
                                .close()))
                .hasMessageContaining("is not a directory");
    }

    @Test
    void rowsOfPartitionsAreRowsOfTheirTable() throws Exception {
        BackupFixture.execute(fixture.registry.source(), """
                create table registry.measured (at bigint not null, text text) partition by range (at);
                create table registry.measured_1 partition of registry.measured for values from (0) to (10);
                insert into registry.measured values (3, 'three')
                """);
        try (BackupStore target = fixture.target()) {
            Backups.Result _ = fixture.backups.create(target, BackupFixture.SILENT);
            BackupManifest manifest = target.find("").manifest();
            assertThat(manifest.tables())
                    .filteredOn(table -> table.name().startsWith("measured"))
                    .singleElement()
                    .satisfies(table -> assertThat(table.rows()).isEqualTo(1));
        }
    }

    @Test
    void aBackupAndACollectionExcludeEachOther() {
        ArtifactCollector collector = fixture.collector();
        Pruning apply = new Pruning(true, Instant.now());
        try (CollectionLock _ = CollectionLock.forBackup(fixture.database);
                CollectionLock second = CollectionLock.forBackup(fixture.database)) {
            StatusRuntimeException refused = BackupFixture.failure(() -> collector.collect(apply));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(refused).hasMessageContaining("a backup");
            assertThat(collector.collect(new Pruning(false, Instant.now())).getItems())
                    .isZero();
            BackupFixture.execute(
                    fixture.registry.source(),
                    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
                            + " and mode = 'ShareLock'");
            // The server ends the session some time after the call.
            RegistryHarness.eventually(() -> isLost(second));
        }
        assertThat(collector.collect(apply).getItems()).isZero();
    }

    private static boolean isLost(CollectionLock lock) {
        try {
            lock.requireHeld();
            return false;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            return true;
        }
    }

    private String rowsOf(String table) throws IOException {
        try (BackupStore source = fixture.opened()) {
            return source.find("").manifest().tables().stream()
                    .filter(each -> each.name().equals(table))
                    .findFirst()
                    .orElseThrow()
                    .digest();
        }
    }

    private String listOfArtifacts() throws IOException {
        try (BackupStore source = fixture.opened()) {
            return source.find("").manifest().artifacts();
        }
    }
}
