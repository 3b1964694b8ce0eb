package io.rootstock.registry.backup;

import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.StoredArtifact;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.storage.CollectionLock;
import io.rootstock.service.Errors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Result of a deletion of a backup.
 *
 * @param removed artifacts that no other backup has and that were removed
 * @param removedBytes their length
 * @param kept artifacts that no other backup has and that a backup stored within the last day, perhaps one that is still
 *     running; a later deletion removes them
 * @param keptBytes their length
 */
public record BackupDeletion(long removed, long removedBytes, long kept, long keptBytes) {
    /** Age of artifacts that are removed: longer than a backup of another installation into the same location takes. */
    static final Duration GRACE = Duration.ofDays(1);

    /**
     * Deletes a backup, and the artifacts that no other backup of the location has. No backup of this installation runs
     * meanwhile.
     *
     * @param name name of the backup, which may be damaged
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT without a name, NOT_FOUND, DATA_LOSS if another backup is
     *     damaged, so that its artifacts are unknown: nothing is removed; UNAVAILABLE if a backup runs
     */
    public static BackupDeletion run(Database database, BackupStore location, String name) {
        return run(database, location, name, Instant.now().minus(GRACE));
    }

    static BackupDeletion run(Database database, BackupStore location, String name, Instant limit) {
        if (name.isEmpty()) {
            throw Errors.invalidArgument("backup", "must be the name of a backup");
        }
        try (CollectionLock lock = CollectionLock.forCollection(database)) {
            location.requireBackup(name);
            Set<Digest> needed = new HashSet<>();
            for (String other : location.names()) {
                if (!other.equals(name)) {
                    needed.addAll(location.contents(other));
                }
            }
            lock.requireHeld();
            location.artifacts().removeDocument(name);
            return collect(location, needed, limit);
        }
    }

    private static BackupDeletion collect(BackupStore location, Set<Digest> needed, Instant limit) {
        List<StoredArtifact> unneeded = new ArrayList<>();
        location.artifacts().list(artifact -> {
            if (!needed.contains(artifact.digest())) {
                unneeded.add(artifact);
            }
        });
        long removed = 0;
        long removedBytes = 0;
        long keptBytes = 0;
        for (StoredArtifact artifact : unneeded) {
            if (location.artifacts().removeIfOlder(artifact.digest(), limit).isPresent()) {
                removed++;
                removedBytes += artifact.bytes();
            } else {
                keptBytes += artifact.bytes();
            }
        }
        return new BackupDeletion(removed, removedBytes, unneeded.size() - removed, keptBytes);
    }
}
