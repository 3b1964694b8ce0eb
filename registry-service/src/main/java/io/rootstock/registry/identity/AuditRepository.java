package io.rootstock.registry.identity;

import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.AuditEvent;
import io.rootstock.service.access.AuditLog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Rows of {@code audit_event}. */
final class AuditRepository {
    private AuditRepository() {}

    static long insert(Connection connection, AuditLog.Entry entry) throws SQLException {
        return Sql.of(
                        connection,
                        """
                        insert into audit_event (principal, peer, method, resources, request, reason, state_before)
                        values (?, ?, ?, ?, ?, ?, ?) returning sequence
                        """,
                        entry.principal(),
                        entry.peer(),
                        entry.method(),
                        entry.resources(),
                        entry.request(),
                        entry.reason(),
                        entry.before())
                .one(row -> row.getLong(1));
    }

    static void end(Connection connection, long sequence, String status, String after) throws SQLException {
        Sql.of(
                        connection,
                        "update audit_event set status = ?, state_after = ? where sequence = ?",
                        status,
                        after,
                        sequence)
                .update();
    }

    /**
     * Returns the events of a page.
     *
     * @param principal filter; empty: all
     * @param resource filter: a resource and what belongs to it; empty: all
     */
    static List<PageQuery.Listed<AuditEvent>> list(
            Connection connection, String principal, String resource, Instant since, PageQuery page)
            throws SQLException {
        return page.read(
                connection,
                "audit_event.*",
                "audit_event",
                """
                time >= ? and ? in ('', principal)
                and (? = '' or exists (
                    select from unnest(resources) name
                    where starts_with(translate(name, ':@', '//') || '/', ? || '/')))
                """,
                List.of(since, principal, resource, resource),
                AuditRepository::event);
    }

    /** Deletes at most {@code limit} events that are older than a number of days; returns their number. */
    static int removeOld(Connection connection, int days, int limit) throws SQLException {
        return Sql.of(connection, """
                        delete from audit_event where sequence in (
                            select sequence from audit_event
                            where time < clock_timestamp() - ? * interval '1 day' order by sequence limit ?)
                        """, days, limit).update();
    }

    private static AuditEvent event(ResultSet row) throws SQLException {
        return AuditEvent.newBuilder()
                .setSequence(row.getLong("sequence"))
                .setTime(Sql.timestamp(row, "time"))
                .setPrincipal(row.getString("principal"))
                .setPeer(row.getString("peer"))
                .setMethod(row.getString("method"))
                .addAllResources(Sql.strings(row, "resources"))
                .setRequest(row.getString("request"))
                .setReason(row.getString("reason"))
                .setBefore(row.getString("state_before"))
                .setAfter(row.getString("state_after"))
                .setStatus(row.getString("status"))
                .build();
    }
}
