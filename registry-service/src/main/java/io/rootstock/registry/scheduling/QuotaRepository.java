package io.rootstock.registry.scheduling;

import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Quota;
import io.rootstock.scheduling.Quotas;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows of {@code quota}. */
public final class QuotaRepository {
    private QuotaRepository() {}

    /** Creates or replaces a quota. */
    public static void set(Connection connection, Quota quota) throws SQLException {
        Sql.of(
                        connection,
                        """
                        insert into quota (principal, weight, devices, dollars_per_month)
                        values (?, ?::double precision, ?::integer, ?::double precision)
                        on conflict (principal) do update set weight = excluded.weight, devices = excluded.devices,
                            dollars_per_month = excluded.dollars_per_month
                        """,
                        quota.getPrincipal(),
                        quota.hasWeight() ? quota.getWeight() : null,
                        quota.hasDevices() ? quota.getDevices() : null,
                        quota.hasDollarsPerMonth() ? quota.getDollarsPerMonth() : null)
                .update();
    }

    /** Returns all quotas by name. */
    public static List<Quota> list(Connection connection) throws SQLException {
        return Sql.of(connection, "select * from quota order by principal").list(QuotaRepository::quota);
    }

    /** Deletes a quota; returns false if the principal has none. */
    public static boolean delete(Connection connection, String principal) throws SQLException {
        return Sql.of(connection, "delete from quota where principal = ?", principal)
                        .update()
                == 1;
    }

    /** Returns the quotas of the scheduler. */
    static Quotas quotas(Connection connection) throws SQLException {
        Map<String, io.rootstock.scheduling.Quota> quotas = new HashMap<>();
        for (Quota quota : list(connection)) {
            quotas.put(
                    quota.getPrincipal(),
                    new io.rootstock.scheduling.Quota(
                            quota.hasWeight() ? quota.getWeight() : 1,
                            quota.hasDevices() ? quota.getDevices() : Integer.MAX_VALUE,
                            quota.hasDollarsPerMonth() ? quota.getDollarsPerMonth() : Double.POSITIVE_INFINITY));
        }
        return new Quotas(quotas);
    }

    private static Quota quota(ResultSet row) throws SQLException {
        Quota.Builder quota = Quota.newBuilder().setPrincipal(row.getString("principal"));
        double weight = row.getDouble("weight");
        if (!row.wasNull()) {
            quota.setWeight(weight);
        }
        int devices = row.getInt("devices");
        if (!row.wasNull()) {
            quota.setDevices(devices);
        }
        double dollars = row.getDouble("dollars_per_month");
        if (!row.wasNull()) {
            quota.setDollarsPerMonth(dollars);
        }
        return quota.build();
    }
}
