package io.rootstock.bench.data;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints one line for each stage and peer, and collects the {@code key=value} lines. */
final class ThroughputTable {
    private static final String LINE = "%-24s %6s %10s  %-16s %10s %8s %10s%n";

    private final Map<String, String> values = new LinkedHashMap<>();

    void begin() {
        System.out.printf(LINE, "stage", "goal", "MB/s", "peer", "MB/s", "ratio", "agreement");
    }

    /**
     * Adds a stage without a peer.
     *
     * @param goal MB/s of one core; 0: no goal
     */
    void add(String stage, int goal, double speed) {
        System.out.printf(LINE, stage, goal(goal), number(speed), "", "", "", "");
        values.put(key(stage) + "_mb_per_second", number(speed));
    }

    /** Adds a stage beside a peer on the same documents. */
    void add(String stage, int goal, double speed, String peer, double peerSpeed, double agreement) {
        System.out.printf(
                LINE,
                stage,
                goal(goal),
                number(speed),
                peer,
                number(peerSpeed),
                number(speed / peerSpeed),
                "%.4f".formatted(agreement));
        values.put(key(stage) + "_mb_per_second", number(speed));
        values.put(key(stage + " " + peer) + "_ratio", number(speed / peerSpeed));
        values.put(key(stage + " " + peer) + "_agreement", String.format(Locale.ROOT, "%.4f", agreement));
    }

    void value(String name, double value) {
        values.put(name, number(value));
    }

    void end() {
        System.out.println();
        values.forEach((name, value) -> System.out.println(name + "=" + value));
    }

    private static String goal(int goal) {
        return goal == 0 ? "" : Integer.toString(goal);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }
}
