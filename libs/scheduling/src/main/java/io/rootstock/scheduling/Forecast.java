package io.rootstock.scheduling;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The estimated course of one job.
 *
 * @param job id of the job
 * @param position position in the queue, from 1, in the order of the estimated starts; 0: it runs
 * @param startTime estimated start; of a job that runs, its start
 * @param endTime estimated end, or stop at its cost limit
 */
public record Forecast(String job, int position, double startTime, double endTime) {
    /**
     * Simulates the schedule until all jobs have ended, as if no other job was submitted and all estimates were exact. Jobs
     * that a limit keeps from starting and jobs that stop for good are left out.
     */
    public static List<Forecast> of(Snapshot snapshot, Policy policy) {
        return new Course(snapshot, policy).run();
    }

    /** The simulated course of all jobs. */
    private static final class Course {
        /** Shortest simulated time, in seconds; keeps rounding errors from repeating a step. */
        private static final double RESOLUTION = 1e-3;

        private final Policy policy;
        private final Map<String, Integer> devices;
        private final Quotas quotas;
        private final Map<String, Double> monthDollars;
        private final List<Job> waiting = new ArrayList<>();
        private final List<Job> active = new ArrayList<>();
        /** Times of first starts, in their order; of jobs that hold devices at the beginning too. */
        private final Map<String, Double> starts = new LinkedHashMap<>();

        private final Map<String, Double> ends = new LinkedHashMap<>();
        private final int running;
        private Usage usage;
        private double time;

        Course(Snapshot snapshot, Policy policy) {
            this.policy = policy;
            this.devices = snapshot.devices();
            this.quotas = snapshot.quotas();
            this.monthDollars = new TreeMap<>(snapshot.monthDollars());
            this.usage = snapshot.usage();
            this.time = snapshot.time();
            for (Job job : snapshot.jobs()) {
                switch (job.phase()) {
                    case Phase.Waiting() -> waiting.add(job);
                    case Phase.Running(double start, double _) -> {
                        active.add(job);
                        starts.put(job.id(), start);
                    }
                    case Phase.Stopping(boolean waitsAgain) -> {
                        if (waitsAgain) {
                            waiting.add(job.in(Phase.WAITING));
                        }
                    }
                }
            }
            this.running = starts.size();
        }

        List<Forecast> run() {
            end();
            while (!waiting.isEmpty() && (apply() || !active.isEmpty())) {
                advance();
            }
            active.forEach(job -> ends.put(job.id(), time + job.secondsToStop(policy)));
            List<Forecast> forecasts = new ArrayList<>();
            int index = 0;
            for (Map.Entry<String, Double> start : starts.entrySet()) {
                index++;
                Double end = ends.get(start.getKey());
                if (end != null) {
                    forecasts.add(new Forecast(start.getKey(), Math.max(0, index - running), start.getValue(), end));
                }
            }
            return forecasts;
        }

        /** Applies the scheduler's decisions; a preempted job waits at once. Returns false if there were none. */
        private boolean apply() {
            boolean applied = false;
            boolean isComplete = false;
            Schedule schedule = schedule();
            while (!isComplete) {
                applied = applied
                        || !schedule.starts().isEmpty()
                        || !schedule.preemptions().isEmpty();
                isComplete = schedule.preemptions().isEmpty();
                for (Schedule.Preemption preemption : schedule.preemptions()) {
                    active.remove(preemption.victim());
                    waiting.add(preemption.victim().in(Phase.WAITING));
                }
                for (Job job : schedule.starts()) {
                    waiting.remove(job);
                    active.add(job.in(new Phase.Running(time, 0)));
                    starts.putIfAbsent(job.id(), time);
                }
                if (!isComplete) {
                    schedule = schedule();
                }
            }
            for (Schedule.Pause pause : schedule.pauses()) {
                active.remove(pause.job());
                ends.put(pause.job().id(), time);
            }
            return applied;
        }

        private Schedule schedule() {
            List<Job> jobs = new ArrayList<>(active);
            jobs.addAll(waiting);
            return Scheduler.decisions(new Snapshot(time, devices, jobs, quotas, usage, monthDollars), policy);
        }

        /** Continues to the next end of a job, or to the next time at which a job can be preempted. */
        private void advance() {
            if (active.isEmpty()) {
                return;
            }
            Priority highest =
                    waiting.stream().map(Job::priority).max(Priority::compareTo).orElse(Priority.LOW);
            double next = Double.POSITIVE_INFINITY;
            for (Job job : active) {
                next = Math.min(next, job.secondsToStop(policy));
                if (job.priority().compareTo(highest) < 0
                        && job.phase() instanceof Phase.Running(double start, double _)
                        && start + policy.minimumRun() > time) {
                    next = Math.min(next, start + policy.minimumRun() - time);
                }
            }
            double seconds = Math.max(next, RESOLUTION);
            usage = usage.after(seconds, active, policy);
            for (Job job : active) {
                for (String name : Quotas.names(job.owner())) {
                    monthDollars.merge(name, job.cost().dollars(seconds), Double::sum);
                }
            }
            active.replaceAll(job -> job.after(seconds));
            time += seconds;
            end();
        }

        /** Removes the jobs that have ended, or have stopped at their cost limits. */
        private void end() {
            for (Job job : List.copyOf(active)) {
                if (job.secondsToStop(policy) < RESOLUTION) {
                    active.remove(job);
                    ends.put(job.id(), time);
                }
            }
        }
    }
}
