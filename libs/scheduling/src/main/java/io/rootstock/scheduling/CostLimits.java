package io.rootstock.scheduling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Selection of running jobs that stop before they, their users or their teams exceed a cost limit. */
final class CostLimits {
    private CostLimits() {}

    /**
     * Returns the jobs to stop: each whose own limit can be exceeded before the next decision takes effect, and for a user
     * or team whose monthly limit can be exceeded, jobs of the lowest class and among them those that started last, until
     * the rest stays within the limit.
     */
    static List<Schedule.Pause> pauses(Snapshot snapshot, Policy policy) {
        List<Job> running = snapshot.jobs().stream()
                .filter(job -> job.phase() instanceof Phase.Running)
                .sorted(Comparator.comparing(Job::priority)
                        .thenComparing(Comparator.comparingDouble(CostLimits::startTime)
                                .reversed())
                        .thenComparing(Job::id))
                .toList();
        List<Schedule.Pause> pauses = new ArrayList<>();
        Set<Job> paused = new HashSet<>();
        for (Job job : running) {
            if (job.cost().mustStop(policy.stop())) {
                paused.add(job);
                pauses.add(new Schedule.Pause(
                        job, new Schedule.Limit.JobCost(job.cost().maxDollars())));
            }
        }
        // Cost until the jobs have stopped, if they stop at the next decision.
        Map<String, Double> dollars = new HashMap<>();
        for (Job job : snapshot.jobs()) {
            double cost = switch (job.phase()) {
                case Phase.Waiting() -> 0;
                case Phase.Running(double _, double _) -> job.cost().reactionDollars(policy.stop());
                case Phase.Stopping(boolean _) -> job.cost().dollars(policy.stop());
            };
            Quotas.names(job.owner()).forEach(name -> dollars.merge(name, cost, Double::sum));
        }
        for (Job job : running) {
            for (String name : Quotas.names(job.owner())) {
                double limit = snapshot.quotas().of(name).dollarsPerMonth();
                if (!paused.contains(job) && snapshot.monthDollars(name) + dollars.get(name) > limit) {
                    paused.add(job);
                    pauses.add(new Schedule.Pause(job, new Schedule.Limit.MonthCost(name, limit)));
                    double saved = job.cost().dollars(job.cost().reportSeconds());
                    Quotas.names(job.owner()).forEach(one -> dollars.merge(one, -saved, Double::sum));
                }
            }
        }
        return pauses;
    }

    private static double startTime(Job job) {
        return job.phase() instanceof Phase.Running(double start, double _) ? start : 0;
    }
}
