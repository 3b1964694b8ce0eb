package io.rootstock.bench.data.cleaning;

/**
 * A finished pre-training.
 *
 * @param bitsPerByte bits per byte of the held-out documents
 * @param loss last training loss, nats per token
 * @param steps optimizer steps
 * @param tokens tokens trained on
 * @param parameters number of parameters
 * @param learningRate peak learning rate
 * @param cpuSeconds user and system time of the worker
 */
record Point(
        Side side,
        long seed,
        double bitsPerByte,
        double loss,
        long steps,
        long tokens,
        long parameters,
        double learningRate,
        double cpuSeconds) {
    /** Whether both sides had the same model, budget and learning rate. */
    boolean isPairOf(Point other) {
        return seed == other.seed
                && steps == other.steps
                && tokens == other.tokens
                && parameters == other.parameters
                && learningRate == other.learningRate;
    }
}
