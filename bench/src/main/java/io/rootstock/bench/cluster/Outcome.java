package io.rootstock.bench.cluster;

/**
 * The course of a job.
 *
 * @param startTime its first start
 * @param endTime its end, or its stop because of its limit
 * @param paused whether it stopped because of its limit
 */
record Outcome(SimulatedJob job, double startTime, double endTime, double dollars, boolean paused) {
    double waitSeconds() {
        return startTime - job.submitTime();
    }
}
