package io.rootstock.bench.cluster;

import io.rootstock.scheduling.Job;
import io.rootstock.scheduling.Phase;
import io.rootstock.scheduling.Policy;
import io.rootstock.scheduling.Schedule;
import io.rootstock.scheduling.Scheduler;
import io.rootstock.scheduling.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

@FunctionalInterface
interface Discipline {
    /** Returns the decisions for a snapshot. */
    Schedule decide(Snapshot snapshot, Policy policy);

    /** The registry's scheduler. */
    Discipline POLICY = Scheduler::schedule;

    /** The order of submission, without limits, as in the trainer's queue. */
    Discipline FIFO = Discipline::fifo;

    private static Schedule fifo(Snapshot snapshot, Policy policy) {
        int free =
                snapshot.devices().values().stream().mapToInt(Integer::intValue).sum();
        List<Job> waiting = new ArrayList<>();
        for (Job job : snapshot.jobs()) {
            if (job.phase() instanceof Phase.Waiting) {
                waiting.add(job);
            } else {
                free -= job.devices();
            }
        }
        waiting.sort(Comparator.comparingDouble(Job::submitTime).thenComparing(Job::id));
        List<Job> starts = new ArrayList<>();
        for (Job job : waiting) {
            if (job.devices() > free) {
                break;
            }
            free -= job.devices();
            starts.add(job);
        }
        return new Schedule(starts, List.of(), List.of(), List.of());
    }

    /** The devices of a cluster with one kind. */
    static Map<String, Integer> devices(int number) {
        return Map.of(SimulatedRun.KIND, number);
    }
}
