package io.rootstock.registry.config;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.registry.backup.BackupStore;
import io.rootstock.registry.backup.Backups;
import io.rootstock.registry.backup.CopyProgress;
import io.rootstock.registry.backup.Restoration;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.service.Home;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Restores a backup instead of serving, if {@code rootstock.registry.restore-from} is set. */
@ApplicationScoped
class RestoreAtStart {
    private static final Logger LOG = Logger.getLogger(RestoreAtStart.class);
    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(5);
    private static final int SHOWN = 20;

    private final RegistrySettings settings;
    private final ArtifactStore store;
    private final Home home;
    private long reported = System.nanoTime();
    private long copyStart;

    @Inject
    RestoreAtStart(RegistrySettings settings, ArtifactStore store, Home home) {
        this.settings = settings;
        this.store = store;
        this.home = home;
    }

    boolean isRequested() {
        return settings.registry().restoreFrom().isPresent();
    }

    /** Restores the backup and returns true; false if that failed, which is logged. */
    boolean run() {
        RegistrySettings.Registry registry = settings.registry();
        try (BackupStore backup = BackupStore.read(
                        registry.restoreFrom().orElseThrow(), home.directory().resolve(BackupStore.CACHE));
                DatabaseServer server = RegistryBeans.server(registry, home)) {
            Backups.Result result = Restoration.run(
                    server, store, backup, registry.restoreBackup().orElse(""), this::report);
            LOG.infof(
                    "restored %s of %s: %d rows, %d artifacts (%d copied, %d MB)",
                    result.name(),
                    result.time(),
                    result.rows(),
                    result.artifacts(),
                    result.copiedArtifacts(),
                    result.copiedBytes() / 1_000_000);
            if (result.danglingCount() > 0) {
                LOG.warnf(
                        "%d artifacts were missing when the backup was made, such as %s",
                        result.danglingCount(),
                        result.dangling()
                                .subList(0, Math.min(SHOWN, result.dangling().size())));
            }
            return true;
        } catch (StatusRuntimeException e) {
            LOG.error("not restored: " + e.getStatus().getDescription());
            return false;
        } catch (IOException | RuntimeException e) {
            LOG.error("not restored", e);
            return false;
        }
    }

    private void report(CopyProgress progress) {
        long now = System.nanoTime();
        if (progress.bytes() == 0) {
            copyStart = now;
        }
        if (now - reported < BETWEEN_REPORTS.toNanos()) {
            return;
        }
        reported = now;
        long left = progress.bytesTotal() - progress.bytes();
        String eta = progress.bytes() == 0
                ? ""
                : ", ETA " + Math.round((now - copyStart) * 1e-9 * left / progress.bytes()) + " s";
        LOG.infof(
                "%s: %d of %d artifacts, %d of %d MB%s",
                progress.phase(),
                progress.artifacts(),
                progress.artifactsTotal(),
                progress.bytes() / 1_000_000,
                progress.bytesTotal() / 1_000_000,
                eta);
    }
}
