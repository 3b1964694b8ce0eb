package io.rootstock.scheduling;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** Jobs and snapshots of tests: one kind of device, submitted at the time 0 unless said otherwise. */
final class Jobs {
    static final String GPU = "gpu";
    static final double HOUR = 3600;

    private static final List<Priority> PRIORITIES = List.of(Priority.values());

    private Jobs() {}

    static Job waiting(String id, Owner owner, Priority priority, int devices, double seconds) {
        return new Job(id, owner, priority, GPU, devices, 0, Phase.WAITING, seconds, Cost.NONE);
    }

    static Job waiting(String id, String user, int devices, double seconds) {
        return waiting(id, Owner.alone(user), Priority.NORMAL, devices, seconds);
    }

    static Job running(Job job, double startTime, double unsavedSeconds) {
        return job.in(new Phase.Running(startTime, unsavedSeconds));
    }

    static Job submitted(Job job, double time) {
        return new Job(
                job.id(),
                job.owner(),
                job.priority(),
                job.kind(),
                job.devices(),
                time,
                job.phase(),
                job.remainingSeconds(),
                job.cost());
    }

    static Job priced(Job job, Cost cost) {
        return new Job(
                job.id(),
                job.owner(),
                job.priority(),
                job.kind(),
                job.devices(),
                job.submitTime(),
                job.phase(),
                job.remainingSeconds(),
                cost);
    }

    static Snapshot snapshot(double time, int devices, Quotas quotas, Job... jobs) {
        return new Snapshot(time, Map.of(GPU, devices), List.of(jobs), quotas, Usage.NONE, Map.of());
    }

    static Snapshot snapshot(double time, int devices, Job... jobs) {
        return snapshot(time, devices, Quotas.NONE, jobs);
    }

    static Priority priority(Random random) {
        return PRIORITIES.get(random.nextInt(PRIORITIES.size()));
    }

    static List<String> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }

    static List<String> starts(Snapshot snapshot) {
        return ids(Scheduler.schedule(snapshot, Policy.DEFAULT).starts());
    }
}
