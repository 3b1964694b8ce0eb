package io.rootstock.registry.deletion;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.file.StoredFiles;
import io.rootstock.registry.loop.Loop;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.resource.References;
import io.rootstock.registry.v1.DeleteFileRequest;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.watch.Changes;
import io.rootstock.storage.v1.PrunedGroup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Deletes versions and files that are older than the {@link ExpiryLimits}, once an hour and before each pruning. Resources with references are kept, as in
 * other deletions.
 */
@ApplicationScoped
public class Expiry implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Expiry.class);
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final int PAGE = 100;
    private static final int SHOWN_NAMES = 20;
    /** Files of a round; the next round deletes the rest. */
    private static final int MAX_FILES = 1000;

    private final Database database;
    private final StoredFiles files;
    private final Leadership leadership;
    private final Changes changes;
    private final ExpiryLimits limits;
    private Instant next = Instant.MIN;
    private Loop loop;

    /** Creates the operations without starting the hourly loop. */
    @Inject
    public Expiry(Database database, StoredFiles files, Leadership leadership, Changes changes, ExpiryLimits limits) {
        this.database = database;
        this.files = files;
        this.leadership = leadership;
        this.changes = changes;
        this.limits = limits;
    }

    /** Starts the hourly loop, once; it runs in the registry that leads. */
    public synchronized void start() {
        loop = new Loop("expiry", leadership, changes, this::round);
    }

    @Override
    public synchronized void close() {
        if (loop != null) {
            loop.close();
        }
    }

    private boolean round() {
        if (Instant.now().isBefore(next)) {
            return true;
        }
        for (PrunedGroup group : run(true)) {
            if (group.getItems() > 0) {
                LOG.infof("deleted %d %s: %s", group.getItems(), group.getDescription(), group.getNamesList());
            }
        }
        next = Instant.now().plus(PAUSE);
        return true;
    }

    /**
     * Returns the expired resources, a group for each kind with a limit. The bytes of versions are 0: their artifacts may be
     * shared, and count once nothing refers to them.
     *
     * @param apply whether they are deleted
     */
    public List<PrunedGroup> run(boolean apply) {
        List<PrunedGroup> groups = new ArrayList<>();
        for (ExpiredVersions kind : ExpiredVersions.values()) {
            kind.limit(limits).ifPresent(limit -> groups.add(versions(kind, limit, apply)));
        }
        limits.files().ifPresent(limit -> groups.add(files(limit, apply)));
        return groups;
    }

    private PrunedGroup versions(ExpiredVersions kind, Duration limit, boolean apply) {
        PrunedGroup.Builder group = group(kind.description(), limit);
        Optional<VersionName> last = Optional.empty();
        List<VersionName> page;
        do {
            Optional<VersionName> after = last;
            page = database.read(connection -> kind.list(connection, limit, after, PAGE));
            for (VersionName version : page) {
                boolean expires = apply
                        ? database.write(connection -> delete(connection, kind, limit, version))
                        : database.read(connection ->
                                ModelDeletion.references(connection, version).isEmpty());
                if (expires) {
                    count(group, version.toString(), 0);
                }
                last = Optional.of(version);
            }
        } while (page.size() == PAGE);
        if (apply && group.getItems() > 0) {
            changes.announce();
        }
        return group.build();
    }

    private static boolean delete(Connection connection, ExpiredVersions kind, Duration limit, VersionName version)
            throws SQLException {
        Aliases.lock(connection);
        if (!kind.contains(connection, limit, version)) {
            return false;
        }
        References references = ModelDeletion.references(connection, version);
        if (references.isEmpty()) {
            ModelDeletion.delete(connection, version.model(), version.number());
        }
        return references.isEmpty();
    }

    private PrunedGroup files(Duration limit, boolean apply) {
        PrunedGroup.Builder group = group("files of clients", limit);
        for (File file : files.unread(limit, MAX_FILES)) {
            if (!apply || deleted(file)) {
                count(group, file.getName(), file.getBytes());
            }
        }
        return group.build();
    }

    /** Deletes a file; false if a fine-tuning job has begun to read it, or a client deleted it. */
    private boolean deleted(File file) {
        try {
            files.delete(DeleteFileRequest.newBuilder().setName(file.getName()).build());
            return true;
        } catch (StatusRuntimeException e) {
            Status.Code code = e.getStatus().getCode();
            if (code == Status.Code.FAILED_PRECONDITION || code == Status.Code.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static PrunedGroup.Builder group(String description, Duration limit) {
        long days = limit.toDays();
        return PrunedGroup.newBuilder()
                .setDescription(description + ", older than "
                        + (limit.equals(Duration.ofDays(days)) ? days + " d" : limit.toHours() + " h"));
    }

    private static void count(PrunedGroup.Builder group, String name, long bytes) {
        group.setItems(group.getItems() + 1).setBytes(group.getBytes() + bytes);
        if (group.getNamesCount() < SHOWN_NAMES) {
            group.addNames(name);
        }
    }
}
