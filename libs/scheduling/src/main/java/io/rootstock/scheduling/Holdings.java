package io.rootstock.scheduling;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Free devices by kind, and held devices and their price by user and team, while decisions are made. */
final class Holdings {
    private final Snapshot snapshot;
    private final double stop;
    private final Map<String, Integer> used = new HashMap<>();
    private final Map<String, Integer> held = new HashMap<>();
    private final Map<String, Double> reactionDollars = new HashMap<>();

    /** Counts the devices of jobs that hold some. */
    Holdings(Snapshot snapshot, Policy policy) {
        this.snapshot = snapshot;
        this.stop = policy.stop();
        snapshot.jobs().stream().filter(Job::isActive).forEach(this::take);
    }

    /** Counts the devices of a started job. */
    void take(Job job) {
        used.merge(job.kind(), job.devices(), Integer::sum);
        for (String name : Quotas.names(job.owner())) {
            held.merge(name, job.devices(), Integer::sum);
            reactionDollars.merge(name, job.cost().reactionDollars(stop), Double::sum);
        }
    }

    /** Returns the number of free devices of a kind; negative if devices were removed under running jobs. */
    int free(String kind) {
        return snapshot.devices(kind) - used.getOrDefault(kind, 0);
    }

    /** Returns the limit that keeps a waiting job from starting, whatever other jobs of other owners do. */
    Optional<Schedule.Limit> limit(Job job) {
        int devices = snapshot.devices(job.kind());
        if (job.devices() > devices) {
            return Optional.of(new Schedule.Limit.Capacity(devices));
        }
        if (job.cost().mustStop(stop)) {
            return Optional.of(new Schedule.Limit.JobCost(job.cost().maxDollars()));
        }
        for (String name : Quotas.names(job.owner())) {
            Quota quota = snapshot.quotas().of(name);
            if ((long) held.getOrDefault(name, 0) + job.devices() > quota.devices()) {
                return Optional.of(new Schedule.Limit.Devices(name, quota.devices()));
            }
            double dollars = snapshot.monthDollars(name)
                    + reactionDollars.getOrDefault(name, 0.0)
                    + job.cost().reactionDollars(stop);
            if (dollars > quota.dollarsPerMonth()) {
                return Optional.of(new Schedule.Limit.MonthCost(name, quota.dollarsPerMonth()));
            }
        }
        return Optional.empty();
    }
}
