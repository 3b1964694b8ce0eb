package io.rootstock.scheduling;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Everything that a decision depends on.
 *
 * @param time now
 * @param devices number of devices by kind
 * @param jobs jobs that wait or hold devices, in any order
 * @param usage used device time, decayed to now
 * @param monthDollars cost of each user and team in this calendar month, including the jobs that hold devices
 */
public record Snapshot(
        double time,
        Map<String, Integer> devices,
        List<Job> jobs,
        Quotas quotas,
        Usage usage,
        Map<String, Double> monthDollars) {
    private static final Comparator<Job> BY_ID = Comparator.comparing(Job::id);

    public Snapshot {
        devices = Map.copyOf(devices);
        // Sums of floating-point numbers depend on the order.
        jobs = jobs.stream().sorted(BY_ID).toList();
        monthDollars = Map.copyOf(monthDollars);
    }

    int devices(String kind) {
        return devices.getOrDefault(kind, 0);
    }

    double monthDollars(String name) {
        return monthDollars.getOrDefault(name, 0.0);
    }
}
