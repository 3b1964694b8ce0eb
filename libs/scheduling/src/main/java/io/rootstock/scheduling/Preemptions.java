package io.rootstock.scheduling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Selection of running jobs that stop for a job of a higher priority class. */
final class Preemptions {
    private static final Comparator<Job> ORDER = Comparator.comparing(Job::priority)
            .thenComparingDouble(Preemptions::lostDeviceSeconds)
            .thenComparing(Comparator.comparingDouble(Preemptions::startTime).reversed())
            .thenComparing(Job::id);

    private Preemptions() {}

    /**
     * Returns running jobs whose devices suffice, without one that is not needed: of the lowest class first, then those that
     * lose the least work, then those that started last. Empty if all of them together do not suffice. A job that aging has
     * raised to the class of the waiting job is not among them, because it would start before it.
     *
     * @param needed number of devices that must become free; at least 1
     * @param running jobs of the kind that run and are not stopping
     */
    static List<Job> victims(Job preemptor, int needed, List<Job> running, double now, Policy policy) {
        int level = FairShare.level(preemptor, now, policy);
        List<Job> candidates = running.stream()
                .filter(job -> job.priority().compareTo(preemptor.priority()) < 0)
                .filter(job -> FairShare.level(job, now, policy) < level)
                .filter(job -> now - startTime(job) >= policy.minimumRun())
                .sorted(ORDER)
                .toList();
        List<Job> victims = new ArrayList<>();
        int freed = 0;
        for (Job job : candidates) {
            if (freed >= needed) {
                break;
            }
            victims.add(job);
            freed += job.devices();
        }
        if (freed < needed) {
            return List.of();
        }
        for (Job job : List.copyOf(victims).reversed()) {
            if (freed - job.devices() >= needed) {
                victims.remove(job);
                freed -= job.devices();
            }
        }
        return List.copyOf(victims);
    }

    private static double lostDeviceSeconds(Job job) {
        return job.phase() instanceof Phase.Running(double _, double unsaved) ? unsaved * job.devices() : 0;
    }

    private static double startTime(Job job) {
        return job.phase() instanceof Phase.Running(double start, double _) ? start : Double.POSITIVE_INFINITY;
    }
}
