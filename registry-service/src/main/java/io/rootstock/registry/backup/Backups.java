package io.rootstock.registry.backup;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.artifacts.Reachability;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.storage.CollectionLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes backups, and verifies backups and the installation. Safe for several threads and registries. */
public final class Backups {
    private final Database database;
    private final ArtifactStore store;

    /** @param store artifacts of the installation */
    public Backups(Database database, ArtifactStore store) {
        this.database = database;
        this.store = store;
    }

    /**
     * A backup, or the state of the installation.
     *
     * @param name name of the backup; empty: the installation
     * @param time time of the snapshot, ISO 8601
     * @param schemas newest migration of each schema of the database
     * @param rows rows of the database
     * @param artifacts number of artifacts
     * @param bytes their length
     * @param copiedArtifacts artifacts that the backup did not have before
     * @param copiedBytes their length
     * @param dangling missing and damaged artifacts, at most 1000
     * @param danglingCount their number
     */
    public record Result(
            String name,
            String time,
            Map<String, Integer> schemas,
            long rows,
            long artifacts,
            long bytes,
            long copiedArtifacts,
            long copiedBytes,
            List<String> dangling,
            long danglingCount) {}

    /**
     * Writes a backup. Garbage collection does not remove artifacts meanwhile. An interrupted backup leaves no backup, and the
     * next one reuses the artifacts that were copied.
     */
    public Result create(BackupStore target, CopyProgress.Listener listener) {
        try (CollectionLock lock = CollectionLock.forBackup(database)) {
            DatabaseDump dump =
                    database.read(connection -> DatabaseDump.write(connection, target.artifacts(), listener));
            listener.at(new CopyProgress("finding artifacts", 0, 0, 0, 0));
            NeededArtifacts needed = NeededArtifacts.of(store, dump.references());
            ArtifactCopy copy =
                    new ArtifactCopy(needed.present(), "copying artifacts", listener).copy(store, target.artifacts());
            lock.requireHeld();
            SortedSet<Digest> dangling = union(needed.dangling(), copy.dangling());
            SortedMap<Digest, Long> copied = new TreeMap<>(needed.present());
            copied.keySet().removeAll(copy.dangling());
            BackupManifest manifest = new BackupManifest(
                    BackupManifest.FORMAT,
                    dump.time().toString(),
                    dump.schemas(),
                    dump.tables(),
                    dump.sequences(),
                    target.putList(copied).value(),
                    copied.size(),
                    bytes(copied),
                    shown(dangling),
                    dangling.size());
            return new Result(
                    target.complete(manifest),
                    manifest.time(),
                    manifest.schemas(),
                    manifest.rows(),
                    manifest.count(),
                    manifest.bytes(),
                    copy.copied(),
                    copy.copiedBytes(),
                    manifest.dangling(),
                    manifest.danglingCount());
        }
    }

    /** Deletes a backup as {@link BackupDeletion#run}. */
    public BackupDeletion delete(BackupStore location, String name) {
        return BackupDeletion.run(database, location, name);
    }

    /** Describes a backup without reading its artifacts; with the digests that it lacked when it was made. */
    public static Result describe(BackupStore backup, String name) {
        BackupStore.Named found = backup.find(name);
        BackupManifest manifest = found.manifest();
        return new Result(
                found.name(),
                manifest.time(),
                manifest.schemas(),
                manifest.rows(),
                manifest.count(),
                manifest.bytes(),
                0,
                0,
                manifest.dangling(),
                manifest.danglingCount());
    }

    /** Reads a backup completely. */
    public static Result verify(BackupStore backup, String name, CopyProgress.Listener listener) {
        BackupStore.Named found = backup.find(name);
        BackupManifest manifest = found.manifest();
        ArtifactCopy rows = new ArtifactCopy(backup.sizes(manifest.parts()), "reading the database", listener)
                .verify(backup.artifacts());
        SortedSet<Digest> dangling = new TreeSet<>(rows.dangling());
        if (!dangling.contains(Digest.parse(manifest.artifacts()))) {
            dangling.addAll(new ArtifactCopy(backup.list(manifest), "reading artifacts", listener)
                    .verify(backup.artifacts())
                    .dangling());
        }
        manifest.dangling().forEach(digest -> dangling.add(Digest.parse(digest)));
        return new Result(
                found.name(),
                manifest.time(),
                manifest.schemas(),
                manifest.rows(),
                manifest.count(),
                manifest.bytes(),
                0,
                0,
                shown(dangling),
                dangling.size() + manifest.danglingCount() - manifest.dangling().size());
    }

    /** Reads the rows and artifacts of the installation. Garbage collection does not remove artifacts meanwhile. */
    public Result verify(CopyProgress.Listener listener) {
        try (CollectionLock lock = CollectionLock.forBackup(database)) {
            DatabaseSummary summary = database.read(DatabaseSummary::read);
            listener.at(new CopyProgress("finding artifacts", 0, 0, 0, 0));
            NeededArtifacts needed = NeededArtifacts.of(store, summary.references());
            SortedSet<Digest> dangling = union(
                    needed.dangling(),
                    new ArtifactCopy(needed.present(), "reading artifacts", listener)
                            .verify(store)
                            .dangling());
            lock.requireHeld();
            return new Result(
                    "",
                    summary.time().toString(),
                    summary.schemas(),
                    summary.rows(),
                    needed.present().size(),
                    bytes(needed.present()),
                    0,
                    0,
                    shown(dangling),
                    dangling.size());
        }
    }

    private static SortedSet<Digest> union(SortedSet<Digest> one, SortedSet<Digest> other) {
        SortedSet<Digest> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    private static List<String> shown(Collection<Digest> digests) {
        return digests.stream().limit(BackupManifest.SHOWN).map(Digest::value).toList();
    }

    private static long bytes(Map<Digest, Long> artifacts) {
        return artifacts.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The database of an installation at one time.
     *
     * @param rows number of rows
     * @param references artifacts of the registry's and the tokenizer service's resources
     */
    private record DatabaseSummary(Instant time, Map<String, Integer> schemas, long rows, Set<Digest> references) {
        /** Reads the transaction's snapshot. */
        static DatabaseSummary read(Connection connection) throws SQLException {
            long rows = 0;
            for (DatabaseTables.Table table : DatabaseTables.all(connection)) {
                rows += Sql.of(connection, "select count(*) from " + table.quoted())
                        .one(row -> row.getLong(1));
            }
            return new DatabaseSummary(
                    Sql.of(connection, "select transaction_timestamp()")
                            .one(row -> row.getObject(1, OffsetDateTime.class).toInstant()),
                    DatabaseTables.versions(connection),
                    rows,
                    DatabaseDump.references(connection));
        }
    }

    /**
     * The artifacts that references reach.
     *
     * @param present length in bytes of each artifact that the store has
     * @param dangling digests that a reference, or the manifest of a directory or dataset, names and that the store lacks or has
     *     with other bytes, as far as they were read
     */
    record NeededArtifacts(SortedMap<Digest, Long> present, SortedSet<Digest> dangling) {
        private static final Comparator<Digest> ORDER = Comparator.comparing(Digest::value);

        /** Follows references through a store. */
        static NeededArtifacts of(ArtifactStore store, Collection<Digest> references) {
            SortedMap<Digest, Long> present = new TreeMap<>(ORDER);
            SortedSet<Digest> absent = new TreeSet<>(ORDER);
            SortedSet<Digest> required = new TreeSet<>(ORDER);
            required.addAll(references);
            Deque<Digest> pending = new ArrayDeque<>(required);
            while (!pending.isEmpty()) {
                Digest digest = pending.pop();
                if (present.containsKey(digest) || absent.contains(digest)) {
                    continue;
                }
                try {
                    present.put(digest, store.size(digest));
                    Reachability.Named named = Reachability.named(store, digest);
                    pending.addAll(named.digests());
                    if (named.required()) {
                        required.addAll(named.digests());
                    }
                } catch (NoSuchArtifactException | CorruptArtifactException e) {
                    present.remove(digest);
                    absent.add(digest);
                }
            }
            absent.retainAll(required);
            return new NeededArtifacts(present, absent);
        }
    }
}
