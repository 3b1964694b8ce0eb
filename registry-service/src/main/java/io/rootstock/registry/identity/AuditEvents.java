package io.rootstock.registry.identity;

import io.rootstock.registry.config.RegistrySettings;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.v1.AuditEvent;
import io.rootstock.service.Errors;
import io.rootstock.service.access.AuditLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The audit log in the database. */
@ApplicationScoped
public class AuditEvents implements AuditLog {
    private static final int BATCH = 1000;
    private static final Duration PAUSE = Duration.ofHours(1);

    private final Database database;
    private final int days;
    private volatile Instant nextRemoval = Instant.EPOCH;

    /** Required by the CDI client proxy. */
    AuditEvents() {
        database = null;
        days = 0;
    }

    /** Creates it on a database. */
    @Inject
    public AuditEvents(Database database, RegistrySettings settings) {
        this.database = database;
        this.days = settings.registry().auditDays();
    }

    @Override
    public long begin(Entry entry) {
        try {
            return database.write(connection -> AuditRepository.insert(connection, entry));
        } catch (DatabaseException e) {
            throw Errors.unavailable("DATABASE_UNAVAILABLE", "the registry's database is unavailable; try again");
        }
    }

    @Override
    public void end(long number, String status, String after) {
        database.write(connection -> {
            AuditRepository.end(connection, number, status, after);
            return null;
        });
    }

    /** Returns events with a sequence number below {@code before}, newest first; empty texts do not filter. */
    public List<AuditEvent> list(String principal, String resource, Instant since, long before, int limit) {
        return database.read(connection -> AuditRepository.list(connection, principal, resource, since, before, limit));
    }

    /** Removes old events if the last time was an hour ago or more; returns false if some are left. */
    public boolean removeOld() {
        if (days == 0 || Instant.now().isBefore(nextRemoval)) {
            return true;
        }
        int removed = database.write(connection -> AuditRepository.removeOld(connection, days, BATCH));
        if (removed < BATCH) {
            nextRemoval = Instant.now().plus(PAUSE);
        }
        return removed < BATCH;
    }
}
