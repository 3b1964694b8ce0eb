package io.rootstock.bench.data;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Nodes that run the units of a stage, each unit on the core that is free first.
 *
 * @param nodes number of nodes
 * @param cores cores of a node
 * @param networkBytes bytes that a node sends a second
 * @param unitBytes bytes of text of a unit
 */
record SimulatedCluster(int nodes, int cores, double networkBytes, double unitBytes) {
    private static final double MEGABYTE = 1e6;

    /** Largest deviation of a unit's time from its mean: slow disks, other tenants, garbage collection. */
    private static final double DEVIATION = 0.3;

    /** CPU seconds for each second of a task, the engine's own included ({@code bench/data/exact}). */
    private static final double ENGINE = 1.17;

    /**
     * Work of a stage.
     *
     * @param seconds time until its last unit ends
     * @param coreSeconds time of all cores together
     * @param shuffledBytes bytes sent to other nodes
     */
    record Work(double seconds, double coreSeconds, double shuffledBytes) {}

    /**
     * Runs a stage.
     *
     * @param bytes bytes of text that it reads
     * @param speed MB a second and core
     * @param shuffledBytes bytes sent to other nodes
     */
    Work run(double bytes, double speed, double shuffledBytes, SplittableRandom random) {
        long units = Math.max(1, Math.round(bytes / unitBytes));
        double mean = bytes / units / MEGABYTE / speed * ENGINE;
        PriorityQueue<Double> free = new PriorityQueue<>();
        for (int core = 0; core < nodes * cores; core++) {
            free.add(0.0);
        }
        double end = 0;
        double total = 0;
        for (long unit = 0; unit < units; unit++) {
            double seconds = mean * (1 + DEVIATION * (2 * random.nextDouble() - 1));
            double finished = free.remove() + seconds;
            free.add(finished);
            end = Math.max(end, finished);
            total += seconds;
        }
        return new Work(end + shuffledBytes / nodes / networkBytes, total, shuffledBytes);
    }
}
