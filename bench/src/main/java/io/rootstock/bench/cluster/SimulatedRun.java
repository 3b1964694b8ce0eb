package io.rootstock.bench.cluster;

import io.rootstock.scheduling.Cost;
import io.rootstock.scheduling.Job;
import io.rootstock.scheduling.Phase;

/** A job in the simulated cluster: the truth about its run, and the reports that the scheduler has. */
final class SimulatedRun {
    static final String KIND = "gpu";

    /** Longest time between two reports, unless one is lost. */
    static final double REPORT = 300;
    /** Time that a worker needs to start before it trains. */
    private static final double OVERHEAD = 30;
    /** Shortest remaining time that is estimated, also for a run that needs more than its estimate. */
    private static final double MIN = 60;

    private final SimulatedJob job;
    private Phase phase = Phase.WAITING;
    private int attempt;
    private double time;
    private double overhead;
    private double trained;
    private double dollars;
    /** Whether a report has arrived since the job was submitted. */
    private boolean measured;

    /** The job as the scheduler sees it while it waits; null until needed. */
    private Job waiting;

    private double reportTime;
    private double reportedTrained;
    private double reportedDollars;

    SimulatedRun(SimulatedJob job) {
        this.job = job;
        this.time = job.submitTime();
    }

    SimulatedJob job() {
        return job;
    }

    Phase phase() {
        return phase;
    }

    /** Number of starts so far; tells events of earlier starts. */
    int attempt() {
        return attempt;
    }

    double dollars() {
        return dollars;
    }

    boolean isActive() {
        return !(phase instanceof Phase.Waiting);
    }

    /** Starts the worker; returns the time until the training ends. */
    double start(double now) {
        advance(now);
        attempt++;
        phase = new Phase.Running(now, 0);
        overhead = OVERHEAD;
        reportTime = now;
        return overhead + job.seconds() - trained;
    }

    /** Begins to write a checkpoint; the devices are held, and cost, until {@link #stopped}. */
    void stop(double now, boolean waitsAgain) {
        advance(now);
        phase = new Phase.Stopping(waitsAgain);
    }

    /** Frees the devices; the next start continues from the checkpoint. */
    void stopped(double now) {
        advance(now);
        report(now);
        phase = Phase.WAITING;
        waiting = null;
    }

    /** Continues to a time. */
    void advance(double now) {
        double seconds = now - time;
        time = now;
        if (isActive()) {
            dollars += seconds / 3600 * job.devices() * Workload.DOLLARS_PER_DEVICE_HOUR;
        }
        if (phase instanceof Phase.Running) {
            double starting = Math.min(overhead, seconds);
            overhead -= starting;
            trained += seconds - starting;
        }
    }

    /** Sends the scheduler a report. */
    void report(double now) {
        advance(now);
        measured = measured || trained > 0;
        reportTime = now;
        reportedTrained = trained;
        reportedDollars = dollars;
    }

    /** Returns the job as the scheduler sees it. */
    Job seen(double now) {
        if (isActive()) {
            return view(now);
        }
        if (waiting == null) {
            waiting = view(now);
        }
        return waiting;
    }

    private Job view(double now) {
        double passed = isActive() ? now - reportTime : 0;
        double remaining = measured
                ? (job.seconds() - reportedTrained) * job.measuredFactor()
                : job.seconds() * job.estimateFactor();
        return new Job(
                job.id(),
                job.owner(),
                job.priority(),
                KIND,
                job.devices(),
                job.submitTime(),
                phase,
                Math.max(MIN, remaining - passed),
                new Cost(job.devices() * Workload.DOLLARS_PER_DEVICE_HOUR, reportedDollars, job.maxDollars(), REPORT));
    }
}
