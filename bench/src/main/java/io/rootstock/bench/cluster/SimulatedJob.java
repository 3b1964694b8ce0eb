package io.rootstock.bench.cluster;

import io.rootstock.scheduling.Owner;
import io.rootstock.scheduling.Priority;

/**
 * A job of the workload, with the truth that the scheduler does not know.
 *
 * @param submitTime seconds
 * @param seconds training time on its devices
 * @param estimateFactor ratio of the estimate before the start to the training time
 * @param measuredFactor ratio of the remaining time that the running job reports to the true one
 * @param maxDollars limit; infinite: none
 */
record SimulatedJob(
        String id,
        Owner owner,
        Priority priority,
        int devices,
        double submitTime,
        double seconds,
        double estimateFactor,
        double measuredFactor,
        double maxDollars) {}
