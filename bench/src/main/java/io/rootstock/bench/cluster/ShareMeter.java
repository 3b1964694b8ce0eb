package io.rootstock.bench.cluster;

import io.rootstock.scheduling.Priority;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Device time of each team while every team has a waiting job of the class NORMAL or HIGH, and device time of all. */
final class ShareMeter {
    private final Map<String, Double> deviceSeconds = new TreeMap<>();
    private final int teams;
    private double contended;
    private double used;
    private double passed;

    ShareMeter(int teams) {
        this.teams = teams;
    }

    /** Counts a time in which the runs do not change. */
    void add(double seconds, Collection<SimulatedRun> runs) {
        Set<String> waiting = new HashSet<>();
        int devices = 0;
        for (SimulatedRun run : runs) {
            if (run.isActive()) {
                devices += run.job().devices();
            } else if (run.job().priority() != Priority.LOW) {
                waiting.add(run.job().owner().team());
            }
        }
        used += seconds * devices;
        passed += seconds;
        if (waiting.size() == teams) {
            contended += seconds;
            for (SimulatedRun run : runs) {
                if (run.isActive()) {
                    deviceSeconds.merge(
                            run.job().owner().team(), seconds * run.job().devices(), Double::sum);
                }
            }
        }
    }

    /** Part of the device time of a team while every team had a waiting job, 0 to 1. */
    double share(String team) {
        double all =
                deviceSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
        return all == 0 ? 0 : deviceSeconds.getOrDefault(team, 0.0) / all;
    }

    /** Part of the device time that other teams had than the fair shares say, 0 to 1: half the sum of the differences. */
    double error(Map<String, Double> fair) {
        return fair.entrySet().stream()
                        .mapToDouble(entry -> Math.abs(share(entry.getKey()) - entry.getValue()))
                        .sum()
                / 2;
    }

    /** Largest difference of a team's share from its fair share, relative to the fair share. */
    double largestError(Map<String, Double> fair) {
        return fair.entrySet().stream()
                .mapToDouble(entry -> Math.abs(share(entry.getKey()) / entry.getValue() - 1))
                .max()
                .orElse(0);
    }

    /** Part of the time in which every team had a waiting job. */
    double contendedPart() {
        return contended / passed;
    }

    /** Mean number of devices in use while every team had a waiting job. */
    double contendedDevices() {
        return contended == 0
                ? 0
                : deviceSeconds.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .sum()
                        / contended;
    }

    double hours() {
        return passed / 3600;
    }

    double usedDevices() {
        return used / passed;
    }
}
