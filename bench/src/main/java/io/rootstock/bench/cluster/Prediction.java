package io.rootstock.bench.cluster;

/**
 * The predicted end of a job at one time before its end.
 *
 * @param job id of the job
 * @param time time of the prediction
 * @param end predicted end
 * @param waits whether the job waited at that time
 */
record Prediction(String job, double time, double end, boolean waits) {
    /** Error, relative to the time from the prediction to the end. */
    double error(double actualEnd) {
        return Math.abs(end - actualEnd) / (actualEnd - time);
    }
}
