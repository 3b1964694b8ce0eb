package io.rootstock.bench.cluster;

import io.rootstock.scheduling.Owner;
import io.rootstock.scheduling.Priority;
import io.rootstock.scheduling.Quota;
import io.rootstock.scheduling.Quotas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A thousand jobs of 50 users in ten teams. The teams' weights are 1 to 4, and the number of their jobs is proportional to the
 * weight, so that all teams have waiting jobs for most of the time. A part of the jobs is submitted at the beginning, the others
 * over the time in which the devices could do a part of the work.
 *
 * <p>Training times are log-normal with a median of an hour. Estimates are wrong by a log-normal factor: of 30 % before the
 * start, of 5 % from the first report on. Jobs need 1, 2, 4 or 8 devices; 15 % are of the class HIGH and 15 % of the class
 * LOW; 30 % have a cost limit, of half to one and a half times their cost, and of at least four dollars.
 */
record Workload(List<SimulatedJob> jobs, Quotas quotas) {
    static final int DEVICES = 20;
    static final double DOLLARS_PER_DEVICE_HOUR = 2;

    private static final int[] WEIGHTS = {4, 3, 3, 2, 2, 2, 1, 1, 1, 1};
    private static final int ALL_WEIGHTS = 20;
    private static final int JOBS = 1000;
    private static final int USERS_PER_TEAM = 5;
    private static final int MAX_DEVICES_OF_A_USER = 12;
    private static final double HOUR = 3600;
    /** Smallest cost limit, which pays for the first minutes of each job. */
    private static final double MIN_LIMIT = 4;

    /**
     * Returns the workload of a seed.
     *
     * @param early part of the jobs that are submitted at the beginning, 0 to 1
     * @param load work relative to what the devices can do in the time in which the others are submitted
     */
    static Workload of(long seed, double early, double load) {
        SplittableRandom random = new SplittableRandom(seed);
        List<SimulatedJob> jobs = new ArrayList<>();
        for (int team = 0; team < WEIGHTS.length; team++) {
            for (int i = 0; i < JOBS * WEIGHTS[team] / ALL_WEIGHTS; i++) {
                Owner owner =
                        new Owner(team(team), "users/" + (team * USERS_PER_TEAM + random.nextInt(USERS_PER_TEAM)));
                jobs.add(job("job-" + jobs.size(), owner, random));
            }
        }
        double work =
                jobs.stream().mapToDouble(job -> job.seconds() * job.devices()).sum();
        double period = work / DEVICES / load;
        jobs.replaceAll(job -> submitted(job, random.nextDouble() < early ? 0 : random.nextDouble() * period));
        jobs.sort(Comparator.comparingDouble(SimulatedJob::submitTime).thenComparing(SimulatedJob::id));
        return new Workload(List.copyOf(jobs), teamQuotas());
    }

    /** Returns the teams with their part of the devices if all have waiting jobs, 0 to 1. */
    static Map<String, Double> shares() {
        Map<String, Double> shares = new HashMap<>();
        for (int team = 0; team < WEIGHTS.length; team++) {
            shares.put(team(team), (double) WEIGHTS[team] / ALL_WEIGHTS);
        }
        return shares;
    }

    private static Quotas teamQuotas() {
        Map<String, Quota> quotas = new HashMap<>();
        for (int team = 0; team < WEIGHTS.length; team++) {
            quotas.put(team(team), new Quota(WEIGHTS[team], DEVICES, Double.POSITIVE_INFINITY));
        }
        for (int user = 0; user < WEIGHTS.length * USERS_PER_TEAM; user++) {
            quotas.put("users/" + user, new Quota(1, MAX_DEVICES_OF_A_USER, Double.POSITIVE_INFINITY));
        }
        return new Quotas(quotas);
    }

    private static String team(int number) {
        return "groups/" + (char) ('a' + number);
    }

    private static SimulatedJob job(String id, Owner owner, SplittableRandom random) {
        double seconds = Math.clamp(HOUR * Math.exp(random.nextGaussian()), HOUR / 12, HOUR * 12);
        int devices = devices(random.nextInt(100));
        double cost = seconds / HOUR * devices * DOLLARS_PER_DEVICE_HOUR;
        return new SimulatedJob(
                id,
                owner,
                priority(random.nextInt(100)),
                devices,
                0,
                seconds,
                Math.exp(0.3 * random.nextGaussian()),
                Math.exp(0.05 * random.nextGaussian()),
                random.nextInt(100) < 30
                        ? Math.max(MIN_LIMIT, cost * (0.5 + random.nextDouble()))
                        : Double.POSITIVE_INFINITY);
    }

    private static SimulatedJob submitted(SimulatedJob job, double time) {
        return new SimulatedJob(
                job.id(),
                job.owner(),
                job.priority(),
                job.devices(),
                time,
                job.seconds(),
                job.estimateFactor(),
                job.measuredFactor(),
                job.maxDollars());
    }

    private static int devices(int percent) {
        if (percent < 55) {
            return 1;
        }
        if (percent < 80) {
            return 2;
        }
        return percent < 95 ? 4 : 8;
    }

    private static Priority priority(int percent) {
        if (percent < 15) {
            return Priority.LOW;
        }
        return percent < 85 ? Priority.NORMAL : Priority.HIGH;
    }
}
