package io.rootstock.registry.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.database.TestDatabase;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.model.ArtifactCheck;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.storage.ArtifactCollector;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.Pruning;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Backs up while versions are written and deleted and their artifacts are collected; restores each backup. */
@Tag("fault")
class BackupUnderLoadTest {
    private static final int BACKUPS = 4;

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
    void backupsUnderLoadRestoreEverythingThatWasAcknowledgedBefore() throws Exception {
        fixture.catalogued("datasets-text");
        Map<String, Version> acknowledged = new ConcurrentHashMap<>();
        AtomicBoolean stop = new AtomicBoolean();
        List<Map<String, Version>> before = new ArrayList<>();
        List<Backups.Result> results = new ArrayList<>();
        long removed;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int model = 0; model < 20; model++) {
                acknowledged.put("kept" + model, fixture.registry.register("kept" + model));
            }
            Future<?> writer = threads.submit(() -> write(acknowledged, stop));
            Future<?> deleter = threads.submit(() -> deleteOld(stop));
            Future<Long> collector = threads.submit(() -> collect(stop));
            try (BackupStore target = fixture.target()) {
                for (int backup = 0; backup < BACKUPS; backup++) {
                    before.add(Map.copyOf(acknowledged));
                    results.add(fixture.backups.create(target, progress -> LockSupport.parkNanos(5_000_000)));
                    int written = acknowledged.size() + 3;
                    RegistryHarness.eventually(() -> acknowledged.size() >= written);
                }
            } finally {
                stop.set(true);
            }
            Object _ = writer.get();
            Object _ = deleter.get();
            removed = collector.get();
        }
        assertThat(removed).isPositive();
        for (int backup = 0; backup < BACKUPS; backup++) {
            Backups.Result result = results.get(backup);
            assertThat(result.danglingCount()).isZero();
            assertThat(result.copiedArtifacts()).isPositive();
            if (backup > 0) {
                assertThat(result.copiedArtifacts()).isLessThan(result.artifacts());
            }
            try (BackupStore source = fixture.opened()) {
                Backups.Result verified = Backups.verify(source, result.name(), BackupFixture.SILENT);
                assertThat(verified.danglingCount()).isZero();
                assertThat(verified.artifacts()).isEqualTo(result.artifacts());
                requireRestored(source, result, before.get(backup), scratch.resolve("restored" + backup));
            }
        }
        assertThat(results.getLast().artifacts())
                .isGreaterThan(results.getFirst().artifacts());
        assertThat(fixture.backups.verify(BackupFixture.SILENT).danglingCount()).isZero();
    }

    private void write(Map<String, Version> acknowledged, AtomicBoolean stop) {
        for (int number = 0; !stop.get(); number++) {
            String model = "written" + number;
            Version version = fixture.registry.register(model);
            Object _ = fixture.registry
                    .models()
                    .setAlias(SetAliasRequest.newBuilder()
                            .setName("models/" + model + "/aliases/production")
                            .setVersion(version.getName())
                            .build());
            acknowledged.put(model, version);
        }
    }

    /** Registers models whose artifacts are old, and deletes them, so that a collection removes the artifacts at once. */
    private void deleteOld(AtomicBoolean stop) {
        for (int number = 0; !stop.get(); number++) {
            Version version = fixture.registry.register("deleted" + number);
            version.getArtifactsList().forEach(artifact -> fixture.age(artifact.getDigest()));
            Object _ = fixture.registry
                    .models()
                    .deleteModel(DeleteModelRequest.newBuilder()
                            .setName("models/deleted" + number)
                            .setForce(true)
                            .build());
        }
    }

    private long collect(AtomicBoolean stop) {
        ArtifactCollector collector = fixture.collector();
        long removed = 0;
        while (!stop.get()) {
            try {
                removed += collector
                        .collect(new Pruning(true, Instant.now().minus(Duration.ofHours(1))))
                        .getItems();
            } catch (StatusRuntimeException e) {
                assertThat(e).hasMessageContaining("a backup");
            }
        }
        return removed;
    }

    private void requireRestored(
            BackupStore source, Backups.Result result, Map<String, Version> acknowledged, Path folder)
            throws Exception {
        PGSimpleDataSource empty = TestDatabase.createEmpty();
        Backups.Result restored = fixture.restore(empty, source, result.name(), folder);
        assertThat(restored.rows()).isEqualTo(result.rows());
        DirectoryArtifactStore store = new DirectoryArtifactStore(folder);
        try (Database opened = Database.open(new DatabaseServer.External(empty))) {
            Models models = new Models(opened, new ArtifactCheck(store), name -> Optional.empty());
            acknowledged.forEach((model, version) -> {
                assertThat(models.version(VersionReference.parse(model + ":1"))).isEqualTo(version);
                version.getArtifactsList().forEach(artifact -> store.verified(Digest.parse(artifact.getDigest())));
            });
            Backups.Result verified = new Backups(opened, store).verify(BackupFixture.SILENT);
            assertThat(verified.danglingCount()).isZero();
            assertThat(verified.artifacts()).isEqualTo(result.artifacts());
            assertThat(opened.<String>read(connection -> Sql.of(connection, "select id from tokenizer.resource")
                            .one(row -> row.getString(1))))
                    .isEqualTo("datasets-text");
        }
    }
}
