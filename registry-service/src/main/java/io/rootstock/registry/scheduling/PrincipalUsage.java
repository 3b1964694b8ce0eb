package io.rootstock.registry.scheduling;

import io.rootstock.scheduling.Owner;
import io.rootstock.scheduling.Policy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Usage of a user or team.
 *
 * @param deviceSeconds decayed device time
 * @param monthDollars cost in the month
 * @param devices devices that its jobs hold
 */
public record PrincipalUsage(String principal, double deviceSeconds, double monthDollars, int devices) {
    /** Returns the usage of all users and teams that have used devices, by name. */
    public static List<PrincipalUsage> list(Connection connection, Instant now, Policy policy) throws SQLException {
        Map<String, Double> seconds = new HashMap<>();
        UsageRepository.usage(connection, now, policy)
                .deviceSeconds()
                .forEach((owner, used) -> names(owner).forEach(name -> seconds.merge(name, used, Double::sum)));
        Map<String, Integer> devices = new HashMap<>();
        for (ActiveJob job : ActiveJob.list(connection)) {
            if (!job.waits()) {
                names(job.schedule().owner()).forEach(name -> devices.merge(name, 1, Integer::sum));
            }
        }
        Map<String, Double> dollars = UsageRepository.monthDollars(connection, now);
        Set<String> all = new TreeSet<>(seconds.keySet());
        all.addAll(devices.keySet());
        all.addAll(dollars.keySet());
        List<PrincipalUsage> usages = new ArrayList<>();
        for (String name : all) {
            usages.add(new PrincipalUsage(
                    name,
                    seconds.getOrDefault(name, 0.0),
                    dollars.getOrDefault(name, 0.0),
                    devices.getOrDefault(name, 0)));
        }
        return usages;
    }

    /** The team and the user of an owner; one name without a team. */
    static Set<String> names(Owner owner) {
        return new TreeSet<>(List.of(owner.team(), owner.user()));
    }
}
