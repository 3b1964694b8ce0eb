package io.rootstock.trainer.engine.model;

import io.rootstock.checkpoint.ModelShape;

/** Analytic cost of training: floating-point operations and activation memory. */
public final class TrainingCost {
    private TrainingCost() {}

    /**
     * Floating-point operations per token of one training step: 2 per matrix parameter in the forward pass, 2 for the
     * gradient of its input if a lower layer is trained, and 2 for its own gradient if it is trained. The embedding lookup
     * counts 0. Attention counts once forward and twice backward (Kaplan et al. 2020, Chowdhery et al. 2022).
     *
     * @param length tokens per sequence
     */
    public static double flopsPerToken(ModelShape shape, Tuning tuning, int length) {
        double layer = matrixElements(shape);
        double head = (double) (shape.classifier() ? shape.classes() : shape.vocabularySize()) * shape.dimension();
        double attention = 2.0 * shape.headsWidth() * length;
        double layers = shape.layers();
        double forward = 2 * (layers * layer + head) + layers * attention;
        double backward =
                2 * (trainedDepth(shape, tuning) * layer + head) + trainedDepth(shape, tuning) * 2 * attention;
        double weightGradients = switch (tuning) {
            case Tuning.Full _ -> 2 * (layers * layer + head);
            case Tuning.LastBlocks blocks ->
                2 * (trainedDepth(shape, blocks) * layer + (headIsTrained(shape) ? head : 0));
            // 2 each: forward, recomputed forward, gradient of the input, gradient of the weight
            case Tuning.LowRank lowRank ->
                8 * layers * adapterElements(shape, lowRank) + (shape.classifier() ? 2 * head : 0);
        };
        return forward + backward + weightGradients;
    }

    /**
     * Additional floating-point operations per token for recomputed activations.
     *
     * @param length tokens per sequence
     */
    public static double recomputedFlopsPerToken(
            ModelShape shape, Tuning tuning, Recomputation recomputation, int length) {
        double dimension = shape.dimension();
        double attend =
                2 * dimension * (shape.headsWidth() + 2.0 * shape.keyValueWidth()) + 2.0 * shape.headsWidth() * length;
        double projectBackAndGateUp = 2 * dimension * (shape.headsWidth() + 2.0 * shape.feedForward());
        return trainedDepth(shape, tuning)
                * switch (recomputation) {
                    case NONE -> 0;
                    case ATTENTION -> attend;
                    case BLOCK -> attend + projectBackAndGateUp;
                };
    }

    /** Share of a layer's activation memory that is kept between forward and backward pass, 0 to 1. */
    public static double keptShare(ModelShape shape, Recomputation recomputation) {
        double stream = shape.dimension();
        double block = stream + 2.0 * shape.feedForward();
        double attention = 2.0 * shape.headsWidth() + 2.0 * shape.keyValueWidth();
        return switch (recomputation) {
            case NONE -> 1;
            case ATTENTION -> (stream + block) / (stream + block + attention);
            case BLOCK -> stream / (stream + block + attention);
        };
    }

    /** Number of trained parameters. */
    public static long trainedParameters(ModelShape shape, Tuning tuning) {
        return ParameterLayout.trained(shape, tuning).elements();
    }

    /** Number of layers that the backward pass covers, counted from the last. */
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
