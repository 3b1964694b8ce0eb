package io.rootstock.registry.scheduling;

import io.rootstock.registry.database.Sql;
import io.rootstock.scheduling.Owner;
import io.rootstock.scheduling.Policy;
import io.rootstock.scheduling.Usage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows of {@code device_usage} and {@code month_cost}. */
public final class UsageRepository {
    private static final String MONTH = "date_trunc('month', ?::timestamptz at time zone 'UTC')::date";

    private UsageRepository() {}

    /** A row of {@code device_usage}. */
    private record Used(Owner owner, double deviceSeconds, Instant time) {}

    /** Returns the used device time of all owners, decayed to a time. */
    public static Usage usage(Connection connection, Instant now, Policy policy) throws SQLException {
        TreeMap<Owner, Double> usage = new TreeMap<>();
        for (Used used : Sql.of(connection, "select * from device_usage").list(UsageRepository::used)) {
            double passed = Math.max(0, Duration.between(used.time(), now).toMillis() / 1000.0);
            usage.put(used.owner(), used.deviceSeconds() * policy.decay(passed));
        }
        return new Usage(usage);
    }

    /** Stores the used device time of owners, decayed to a time. */
    static void store(Connection connection, Usage usage, List<Owner> owners, Instant time) throws SQLException {
        for (Owner owner : owners) {
            Sql.of(connection, """
                            insert into device_usage (team, owner, device_seconds, time) values (?, ?, ?, ?)
                            on conflict (team, owner) do update
                                set device_seconds = excluded.device_seconds, time = excluded.time
                            """, owner.team(), owner.user(), usage.of(owner), time)
                    .update();
        }
    }

    /** Adds a cost to the month of an owner's user and team. */
    static void addCost(Connection connection, Owner owner, Instant time, double dollars) throws SQLException {
        for (String principal : PrincipalUsage.names(owner)) {
            Sql.of(
                            connection,
                            "insert into month_cost (principal, month, dollars) values (?, " + MONTH
                                    + ", ?) on conflict (principal, month) do update"
                                    + " set dollars = month_cost.dollars + excluded.dollars",
                            principal,
                            time,
                            dollars)
                    .update();
        }
    }

    /** Returns the cost of each user and team in the month of a time. */
    public static Map<String, Double> monthDollars(Connection connection, Instant now) throws SQLException {
        Map<String, Double> dollars = new HashMap<>();
        Sql.of(connection, "select principal, dollars from month_cost where month = " + MONTH, now)
                .list(row -> dollars.put(row.getString("principal"), row.getDouble("dollars")));
        return dollars;
    }

    private static Used used(ResultSet row) throws SQLException {
        return new Used(
                new Owner(row.getString("team"), row.getString("owner")),
                row.getDouble("device_seconds"),
                row.getObject("time", OffsetDateTime.class).toInstant());
    }
}
