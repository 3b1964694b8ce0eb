package io.rootstock.registry.identity;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.v1.AuditEvent;
import io.rootstock.service.Errors;
import io.rootstock.service.access.AuditLog;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The audit log in the database. */
@ApplicationScoped
public class AuditEvents implements AuditLog {
    /** Fields of filters and orders; the newest event is first. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("principal", FieldType.TEXT, "audit_event.principal"),
                    new Field<>("peer", FieldType.TEXT, "audit_event.peer"),
                    new Field<>("method", FieldType.TEXT, "audit_event.method"),
                    new Field<>("status", FieldType.TEXT, "audit_event.status"),
                    new Field<>("reason", FieldType.TEXT, "audit_event.reason"),
                    new Field<>("time", FieldType.TIMESTAMP, "audit_event.time")),
            new Field<>("sequence", FieldType.INTEGER, "audit_event.sequence"),
            true);

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
    public AuditEvents(Database database, IdentitySettings settings) {
        this.database = database;
        this.days = settings.auditDays();
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

    /** Returns the events of a page, whose query has {@link #FIELDS}; empty texts do not filter. */
    public List<PageQuery.Listed<AuditEvent>> list(String principal, String resource, Instant since, PageQuery page) {
        return database.read(connection -> AuditRepository.list(connection, principal, resource, since, page));
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
