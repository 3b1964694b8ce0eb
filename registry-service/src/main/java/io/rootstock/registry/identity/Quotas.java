package io.rootstock.registry.identity;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.scheduling.PrincipalUsage;
import io.rootstock.registry.scheduling.QuotaRepository;
import io.rootstock.registry.v1.DeleteQuotaRequest;
import io.rootstock.registry.v1.Quota;
import io.rootstock.registry.v1.QuotaUsage;
import io.rootstock.registry.v1.SetQuotaRequest;
import io.rootstock.registry.watch.Changes;
import io.rootstock.scheduling.Policy;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Operations on quotas. A principal needs no row of its own, because users of an OpenID provider have none. */
@ApplicationScoped
public class Quotas {
    private static final double MAX_WEIGHT = 1_000_000;

    private final Database database;
    private final Policy policy;
    private final Changes changes;

    /**
     * Creates the operations.
     *
     * @param changes notified after every change, because waiting jobs may start
     */
    @Inject
    public Quotas(Database database, Policy policy, Changes changes) {
        this.database = database;
        this.policy = policy;
        this.changes = changes;
    }

    /** Creates or replaces a quota. */
    public Quota set(SetQuotaRequest request) {
        Quota quota = request.getQuota();
        PrincipalNames.require(quota.getPrincipal(), "quota.principal");
        if (quota.hasWeight() && !(quota.getWeight() > 0 && quota.getWeight() <= MAX_WEIGHT)) {
            throw Errors.invalidArgument(
                    "quota.weight", "must be above 0 and at most 1000000, was " + quota.getWeight());
        }
        if (quota.getDevices() < 0) {
            throw Errors.invalidArgument("quota.devices", "must be at least 0, was " + quota.getDevices());
        }
        double dollars = quota.getDollarsPerMonth();
        if (!Double.isFinite(dollars) || dollars < 0) {
            throw Errors.invalidArgument("quota.dollars_per_month", "must be at least 0, was " + dollars);
        }
        database.write(connection -> {
            QuotaRepository.set(connection, quota);
            return null;
        });
        changes.announce();
        return quota;
    }

    /** Returns the quotas and the usage of all principals that have either, by name. */
    public List<QuotaUsage> list() {
        return database.read(connection -> list(connection, Instant.now()));
    }

    /** Deletes a quota; NOT_FOUND if the principal has none. */
    public void delete(DeleteQuotaRequest request) {
        String principal = PrincipalNames.require(request.getPrincipal(), "principal");
        boolean deleted = database.write(connection -> QuotaRepository.delete(connection, principal));
        if (!deleted) {
            throw Errors.notFound("the quota of " + principal, "list the quotas with `rootstock quotas list`");
        }
        changes.announce();
    }

    private List<QuotaUsage> list(Connection connection, Instant now) throws SQLException {
        Map<String, QuotaUsage.Builder> quotas = new TreeMap<>();
        for (Quota quota : QuotaRepository.list(connection)) {
            quotas.put(quota.getPrincipal(), QuotaUsage.newBuilder().setQuota(quota));
        }
        for (PrincipalUsage usage : PrincipalUsage.list(connection, now, policy)) {
            QuotaUsage.Builder quota = quotas.computeIfAbsent(usage.principal(), _ -> QuotaUsage.newBuilder());
            quota.getQuotaBuilder().setPrincipal(usage.principal());
            quota.setDeviceHours(usage.deviceSeconds() / 3600)
                    .setMonthDollars(usage.monthDollars())
                    .setDevices(usage.devices());
        }
        List<QuotaUsage> list = new ArrayList<>();
        quotas.values().forEach(quota -> list.add(quota.build()));
        return list;
    }
}
