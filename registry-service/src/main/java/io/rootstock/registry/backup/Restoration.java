package io.rootstock.registry.backup;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.database.Schema;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.database.Sql;
import io.rootstock.service.Errors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedSet;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Restores a backup into an empty installation whose services are stopped: the artifacts, each verified, and then the
 * database. Repeating an interrupted restoration continues it.
 */
public final class Restoration {
    private Restoration() {}

    /**
     * Restores a backup.
     *
     * @param store artifacts of the installation
     * @param name name of the backup; empty: the newest
     * @return what the backup contains; dangling are the artifacts that it did not contain when it was made
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if the installation has resources or a running registry, or
     *     if the backup is of a newer release; DATA_LOSS if it is damaged. The database is then unchanged.
     */
    public static Backups.Result run(
            DatabaseServer server,
            ArtifactStore store,
            BackupStore backup,
            String name,
            CopyProgress.Listener listener) {
        return run(server, store, backup, name, listener, DatabaseTables.SCHEMAS);
    }

    /** @param schemas the schemas of this or a later release */
    static Backups.Result run(
            DatabaseServer server,
            ArtifactStore store,
            BackupStore backup,
            String name,
            CopyProgress.Listener listener,
            List<Schema> schemas) {
        BackupStore.Named found = backup.find(name);
        BackupManifest manifest = found.manifest();
        for (Schema schema : schemas) {
            int version = manifest.version(schema);
            if (version > schema.newest()) {
                throw Errors.failedPrecondition(
                        "NEWER_BACKUP",
                        found.name() + " has migration " + version + " of the schema " + schema.name()
                                + ", this release knows " + schema.newest()
                                + "; restore it with the release that made it, or a newer one");
            }
        }
        PGSimpleDataSource source = server.dataSource();
        try (Connection session = source.getConnection()) {
            requireEmpty(session);
            requireIntact(
                    found,
                    new ArtifactCopy(backup.sizes(manifest.parts()), "reading the database", listener)
                            .verify(backup.artifacts())
                            .dangling());
            ArtifactCopy copy = new ArtifactCopy(backup.list(manifest), "copying artifacts", listener)
                    .copy(backup.artifacts(), store);
            requireIntact(found, copy.dangling());
            listener.at(new CopyProgress("loading the database", 0, 0, 0, 0));
            DatabaseLoad.run(source, schemas, manifest, backup.artifacts());
            return new Backups.Result(
                    found.name(),
                    manifest.time(),
                    manifest.schemas(),
                    manifest.rows(),
                    manifest.count(),
                    manifest.bytes(),
                    copy.copied(),
                    copy.copiedBytes(),
                    manifest.dangling(),
                    manifest.danglingCount());
        } catch (SQLException e) {
            throw new DatabaseException(e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the backup " + found.name(), e);
        }
    }

    private static void requireEmpty(Connection session) throws SQLException {
        // Held until the session is closed, so that no registry leads meanwhile.
        boolean alone = Sql.of(session, "select pg_try_advisory_lock(?)", Leadership.LOCK)
                .one(row -> row.getBoolean(1));
        if (!alone) {
            throw Errors.failedPrecondition(
                    "REGISTRY_RUNS", "a registry runs on this database; stop all services and try again");
        }
        String resources = DatabaseLoad.resources(session);
        if (!resources.isEmpty()) {
            throw Errors.failedPrecondition(
                    "NOT_EMPTY",
                    "the installation is not empty, it has " + resources
                            + "; restore into another ROOTSTOCK_HOME or another database. Nothing was changed");
        }
    }

    private static void requireIntact(BackupStore.Named backup, SortedSet<Digest> dangling) {
        if (!dangling.isEmpty()) {
            throw Errors.dataLoss(
                    "BACKUP_DAMAGED",
                    backup.name() + " is damaged: " + dangling.size()
                            + " artifacts are missing or have other bytes, such as " + dangling.getFirst()
                            + ". The database is unchanged; restore another backup");
        }
    }
}
