package io.rootstock.bench.data;

/**
 * A stage of a simulated job.
 *
 * @param name stage or step
 * @param keptBytes share of the text's bytes that it keeps
 * @param shuffledBytes bytes of each document that it sends to other nodes; 0 for a stage that sends none
 */
record SimulatedStage(String name, double keptBytes, double shuffledBytes) {
    /** A stage without an exchange. */
    static SimulatedStage local(String name, double keptBytes) {
        return new SimulatedStage(name, keptBytes, 0);
    }
}
