package io.rootstock.bench.cluster;

import io.rootstock.scheduling.Forecast;
import io.rootstock.scheduling.Job;
import io.rootstock.scheduling.Phase;
import io.rootstock.scheduling.Policy;
import io.rootstock.scheduling.Schedule;
import io.rootstock.scheduling.Snapshot;
import io.rootstock.scheduling.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A discrete-event simulation of a cluster: submissions, reports, stops at checkpoints and ends of jobs, with a decision of
 * the scheduler after each event. One report in a hundred is lost.
 */
final class SimulatedCluster {
    /** Time between two predictions of all ends. */
    private static final double FORECAST_INTERVAL = 3600;

    private final Workload workload;
    private final Discipline discipline;
    private final Policy policy;
    private final boolean forecasts;
    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<String, SimulatedRun> runs = new TreeMap<>();
    private final Map<String, Double> starts = new HashMap<>();
    private final List<Prediction> predictions = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final ShareMeter shares = new ShareMeter(Workload.shares().size());
    private Usage usage = Usage.NONE;
    private double time;
    private long numbers;
    private double nextForecast;
    private int preemptions;
    private int violations;

    private enum Kind {
        SUBMITTED,
        REPORTED,
        STOPPED,
        ENDED
    }

    /** An event of a run; one of an earlier attempt, or of a run that has ended, is ignored. */
    private record Event(double time, long number, Kind kind, SimulatedRun run, int attempt)
            implements Comparable<Event> {
        private static final Comparator<Event> ORDER =
                Comparator.comparingDouble(Event::time).thenComparingLong(Event::number);

        @Override
        public int compareTo(Event other) {
            return ORDER.compare(this, other);
        }
    }

    /** The result of a simulation. */
    record Result(
            List<Outcome> outcomes,
            List<Prediction> predictions,
            ShareMeter shares,
            int preemptions,
            int quotaViolations) {}

    /**
     * Creates a simulation.
     *
     * @param forecasts whether the ends of all jobs are predicted every hour
     */
    SimulatedCluster(Workload workload, Discipline discipline, Policy policy, boolean forecasts, long seed) {
        this.workload = workload;
        this.discipline = discipline;
        this.policy = policy;
        this.forecasts = forecasts;
        this.random = new SplittableRandom(seed);
    }

    /** Runs until all jobs have ended or have stopped at their limits. */
    Result run() {
        for (SimulatedJob job : workload.jobs()) {
            schedule(job.submitTime(), Kind.SUBMITTED, new SimulatedRun(job));
        }
        while (!events.isEmpty()) {
            Event event = events.poll();
            boolean isOver = event.kind() != Kind.SUBMITTED
                    && !runs.containsKey(event.run().job().id());
            if (isOver || event.attempt() != event.run().attempt()) {
                continue;
            }
            continueTo(event.time());
            apply(event);
            decide();
        }
        if (!runs.isEmpty()) {
            throw new IllegalStateException("jobs never started: " + runs.keySet());
        }
        return new Result(outcomes, predictions, shares, preemptions, violations);
    }

    private void continueTo(double now) {
        List<Job> active = runs.values().stream()
                .filter(SimulatedRun::isActive)
                .map(run -> run.seen(time))
                .toList();
        usage = usage.after(now - time, active, policy);
        shares.add(now - time, runs.values());
        time = now;
    }

    private void apply(Event event) {
        SimulatedRun run = event.run();
        switch (event.kind()) {
            case SUBMITTED -> runs.put(run.job().id(), run);
            case REPORTED -> {
                if (run.phase() instanceof Phase.Running) {
                    if (random.nextInt(100) > 0) {
                        run.report(time);
                    }
                    scheduleReport(run);
                }
            }
            case ENDED -> {
                // A run that writes a checkpoint does not train, and ends after its next start.
                if (run.phase() instanceof Phase.Running) {
                    end(run, false);
                }
            }
            case STOPPED -> {
                boolean waitsAgain = run.phase() instanceof Phase.Stopping(boolean again) && again;
                run.stopped(time);
                if (!waitsAgain) {
                    end(run, true);
                }
            }
        }
    }

    private void decide() {
        Snapshot snapshot = snapshot();
        if (forecasts && time >= nextForecast) {
            nextForecast += FORECAST_INTERVAL;
            predict(snapshot);
        }
        Schedule schedule = discipline.decide(snapshot, policy);
        for (Schedule.Pause pause : schedule.pauses()) {
            stop(pause.job(), false);
        }
        for (Schedule.Preemption preemption : schedule.preemptions()) {
            preemptions++;
            stop(preemption.victim(), true);
        }
        for (Schedule.Held held : schedule.held()) {
            // A preempted run whose limit does not pay for another start.
            if (held.limit() instanceof Schedule.Limit.JobCost) {
                end(runs.get(held.job().id()), true);
            }
        }
        for (Job job : schedule.starts()) {
            SimulatedRun run = runs.get(job.id());
            double seconds = run.start(time);
            starts.putIfAbsent(job.id(), time);
            schedule(time + seconds, Kind.ENDED, run);
            scheduleReport(run);
        }
        checkQuotas();
    }

    /** Predicts the ends of all jobs, as the registry does. */
    private void predict(Snapshot snapshot) {
        for (Forecast forecast : Forecast.of(snapshot, policy)) {
            predictions.add(new Prediction(forecast.job(), time, forecast.endTime(), forecast.position() > 0));
        }
    }

    private Snapshot snapshot() {
        return new Snapshot(time, Discipline.devices(Workload.DEVICES), seen(), workload.quotas(), usage, Map.of());
    }

    private List<Job> seen() {
        return runs.values().stream().map(run -> run.seen(time)).toList();
    }

    private void stop(Job job, boolean waitsAgain) {
        SimulatedRun run = runs.get(job.id());
        run.stop(time, waitsAgain);
        schedule(time + policy.stop() * (0.5 + random.nextDouble() / 2), Kind.STOPPED, run);
    }

    private void end(SimulatedRun run, boolean paused) {
        run.advance(time);
        String id = run.job().id();
        runs.remove(id);
        outcomes.add(new Outcome(run.job(), starts.get(id), time, run.dollars(), paused));
    }

    private void schedule(double at, Kind kind, SimulatedRun run) {
        events.add(new Event(at, numbers++, kind, run, run.attempt()));
    }

    private void scheduleReport(SimulatedRun run) {
        schedule(time + SimulatedRun.REPORT * (0.5 + random.nextDouble() / 2), Kind.REPORTED, run);
    }

    /** Counts the decisions after which a user or all jobs hold more devices than they may. */
    private void checkQuotas() {
        Map<String, Integer> held = new HashMap<>();
        int all = 0;
        for (SimulatedRun run : runs.values()) {
            if (run.isActive()) {
                all += run.job().devices();
                held.merge(run.job().owner().user(), run.job().devices(), Integer::sum);
            }
        }
        boolean exceeded = held.entrySet().stream()
                .anyMatch(entry ->
                        entry.getValue() > workload.quotas().of(entry.getKey()).devices());
        violations += exceeded || all > Workload.DEVICES ? 1 : 0;
    }
}
