package io.rootstock.registry.deletion;

import io.rootstock.names.VersionName;
import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Versions older than their {@link ExpiryLimits limit}. Pinned and archived versions, the newest version of a model, and
 * versions that an alias points to or has as canary do not expire.
 */
enum ExpiredVersions {
    /** Versions that no alias ever pointed to. */
    UNPROMOTED("versions that were never promoted", "moved.time is null and version.create_time"),
    /** Versions that no alias points to any more. */
    RETIRED("versions that were promoted before", "moved.time");

    private final String description;
    private final String age;

    /** @param age SQL condition and expression of the time from which the age counts */
    ExpiredVersions(String description, String age) {
        this.description = description;
        this.age = age;
    }

    /** Description of the versions, such as "versions that were never promoted". */
    String description() {
        return description;
    }

    Optional<Duration> limit(ExpiryLimits limits) {
        return switch (this) {
            case UNPROMOTED -> limits.unpromoted();
            case RETIRED -> limits.retired();
        };
    }

    /** Returns expired versions, ordered by model and number; with {@code after} only those after it. */
    List<VersionName> list(Connection connection, Duration limit, Optional<VersionName> after, int count)
            throws SQLException {
        return names(
                connection,
                "(version.model, version.number) > (?, ?)",
                limit,
                after.map(VersionName::model).orElse(""),
                after.map(VersionName::number).orElse(0L),
                count);
    }

    /** Whether a version is expired; the caller holds the lock of the aliases. */
    boolean contains(Connection connection, Duration limit, VersionName version) throws SQLException {
        return !names(
                        connection,
                        "(version.model, version.number) = (?, ?)",
                        limit,
                        version.model(),
                        version.number(),
                        1)
                .isEmpty();
    }

    private List<VersionName> names(
            Connection connection, String condition, Duration limit, String model, long number, int count)
            throws SQLException {
        return Sql.of(connection, """
                        select version.model, version.number from version
                        left join version_description described using (model, number)
                        cross join lateral (
                            select max(move_time) as time from alias_move
                            where alias_move.model = version.model
                                and version.number in (from_number, to_number, canary_number)) moved
                        where %s and archived is not true and pinned is not true
                            and %s < clock_timestamp() - ?::bigint * interval '1 s'
                            and exists (
                                select from version newer
                                left join version_description newer_described using (model, number)
                                where newer.model = version.model and newer.number > version.number
                                    and newer_described.archived is not true)
                            and not exists (
                                select from alias join alias_move using (sequence)
                                where alias.model = version.model
                                    and version.number in (alias.number, alias_move.canary_number))
                        order by version.model, version.number limit ?
                        """.formatted(condition, age), model, number, limit.toSeconds(), count)
                .list(row -> new VersionName(row.getString(1), row.getLong(2)));
    }
}
