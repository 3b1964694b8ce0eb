package io.rootstock.trainer.engine;

/** What a training computes and keeps, by formula. */
public final class TrainingCost {
    private TrainingCost() {}

    /**
     * Floating-point operations per token: 2 for each multiplied parameter forward, 2 more for the gradient of its input
     * where anything below is trained, 2 more for its own; the embedding's look-up is none. Attention takes its share
     * forward and twice that backward (Kaplan et al. 2020, Chowdhery et al. 2022).
     *
     * @param length tokens of a sequence
     */
    public static double flopsPerToken(ModelShape shape, Tuning tuning, int length) {
        double layer = matrixElements(shape);
        double head = (double) (shape.classifier() ? shape.classes() : shape.vocabularySize()) * shape.dimension();
        double attention = 2.0 * shape.headsWidth() * length;
        double layers = shape.layers();
        double forward = 2 * (layers * layer + head) + layers * attention;
        double backward =
                2 * (trainedDepth(shape, tuning) * layer + head) + trainedDepth(shape, tuning) * 2 * attention;
        double own = switch (tuning) {
            case Tuning.Full _ -> 2 * (layers * layer + head);
            case Tuning.LastBlocks blocks ->
                2 * (trainedDepth(shape, blocks) * layer + (headIsTrained(shape) ? head : 0));
            // An adapter is multiplied forward, once more backward, and has gradients of input and weight.
            case Tuning.LowRank lowRank ->
                8 * layers * adapterElements(shape, lowRank) + (shape.classifier() ? 2 * head : 0);
        };
        return forward + backward + own;
    }

    /** Parameters that are trained. */
    public static long trainedParameters(ModelShape shape, Tuning tuning) {
        return ParameterLayout.trained(shape, tuning).elements();
    }

    /** Layers, counted from the last, that the backward pass goes through. */
    public static int trainedDepth(ModelShape shape, Tuning tuning) {
        return tuning instanceof Tuning.LastBlocks(int blocks) ? Math.min(blocks, shape.layers()) : shape.layers();
    }

    private static boolean headIsTrained(ModelShape shape) {
        return shape.classifier() || !shape.tiedEmbeddings();
    }

    private static long matrixElements(ModelShape shape) {
        long sum = 0;
        for (AdapterTarget target : AdapterTarget.values()) {
            sum += (long) target.outputs(shape) * target.inputs(shape);
        }
        return sum;
    }

    private static long adapterElements(ModelShape shape, Tuning.LowRank lowRank) {
        long sum = 0;
        for (AdapterTarget target : lowRank.targets()) {
            sum += (long) lowRank.rank() * (target.outputs(shape) + target.inputs(shape));
        }
        return sum;
    }
}
