package io.rootstock.scheduling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Runs the scheduler over time on jobs that need exactly their estimated time; a preempted job stops at once. */
final class Simulation {
    private static final double STEP = 60;

    private final int devices;
    private final Quotas quotas;
    private final Policy policy;
    final List<Job> jobs = new ArrayList<>();
    final Map<String, Double> starts = new HashMap<>();
    final Map<String, Double> ends = new HashMap<>();
    final Map<String, Double> deviceSeconds = new TreeMap<>();
    private final Map<String, Double> monthDollars = new HashMap<>();
    private Usage usage = Usage.NONE;
    double time;

    Simulation(int devices, Quotas quotas, Policy policy) {
        this.devices = devices;
        this.quotas = quotas;
        this.policy = policy;
    }

    /** Continues in steps of a minute; the callback sees the jobs after each decision. */
    void run(double until, Consumer<List<Job>> decided) {
        while (time < until) {
            decide();
            decided.accept(jobs);
            usage = usage.after(STEP, jobs, policy);
            for (Job job : jobs) {
                if (job.isActive()) {
                    Quotas.names(job.owner()).forEach(name -> {
                        deviceSeconds.merge(name, job.devices() * STEP, Double::sum);
                        monthDollars.merge(name, job.cost().dollars(STEP), Double::sum);
                    });
                }
            }
            jobs.replaceAll(job -> job.isActive() ? job.after(STEP) : job);
            time += STEP;
            for (Job job : List.copyOf(jobs)) {
                if (job.isActive() && job.remainingSeconds() < 1e-9) {
                    jobs.remove(job);
                    ends.put(job.id(), time);
                }
            }
        }
    }

    double dollars(String name) {
        return monthDollars.getOrDefault(name, 0.0);
    }

    private void decide() {
        Schedule schedule = Scheduler.schedule(
                new Snapshot(time, Map.of(Jobs.GPU, devices), jobs, quotas, usage, monthDollars), policy);
        for (Schedule.Pause pause : schedule.pauses()) {
            jobs.remove(pause.job());
        }
        for (Schedule.Preemption preemption : schedule.preemptions()) {
            jobs.replaceAll(job -> job.equals(preemption.victim()) ? job.in(Phase.WAITING) : job);
        }
        for (Job start : schedule.starts()) {
            jobs.replaceAll(job -> job.equals(start) ? job.in(new Phase.Running(time, 0)) : job);
            starts.putIfAbsent(start.id(), time);
        }
    }
}
