package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The decoder, forward and backward, read from top to bottom. The backward is the forward's steps in reverse, each with
 * its derivative; gradients are added to the given tensors. N = B*L tokens, D the residual width, H query heads and K
 * shared ones of width d, F the feed-forward width, V the vocabulary (or the classes), M the positions with a loss.
 */
final class Llama {
    /** Logits are made in pieces of about this many values, so that they stay in the cache and never fill the memory. */
    private static final int LOGITS_AT_ONCE = 1 << 20;

    private final ModelShape shape;
    private final ModelTensors weights;
    private final Kernels kernels;
    private final Attention attention;
    private final Products products;

    Llama(ModelShape shape, ModelTensors weights, Kernels kernels, Attention attention, DType wide, DType product) {
        this.shape = shape;
        this.weights = weights;
        this.kernels = kernels;
        this.attention = attention;
        this.products = new Products(kernels, wide == product);
    }

    /** What a layer's backward needs of its forward. */
    private record SavedLayer(
            Tensor input, // [N,D]
            Kernels.Normed attentionNorm,
            SavedHeads heads, // null without norms of heads
            Attention.Attended attended, // output [N,Hd]
            Tensor middle, // [N,D]
            Kernels.Normed feedForwardNorm,
            Tensor gateUp, // [N,2F]
            Tensor hidden // [N,F]
            ) {
        void close() {
            List.of(
                            input,
                            attentionNorm.output(),
                            attentionNorm.inverseRms(),
                            attended.output(),
                            middle,
                            feedForwardNorm.output(),
                            feedForwardNorm.inverseRms(),
                            gateUp,
                            hidden)
                    .forEach(Tensor::close);
            attended.saved().forEach(Tensor::close);
            if (heads != null) {
                heads.projected().close();
                heads.inverseRms().close();
            }
        }
    }

    /**
     * What the backward of the heads' norms needs.
     *
     * @param projected [N,(H+2K)d]
     * @param inverseRms [N,H+K]
     */
    private record SavedHeads(Tensor projected, Tensor inverseRms) {}

    /** Loss summed over the part's positions, or over its pairs, in nats. */
    double loss(Part part) {
        double[] surprises = surprises(part);
        return part.pairs() == null
                ? Arrays.stream(surprises).sum()
                : part.pairs().outcome(surprises, part).loss();
    }

    /** Cross-entropy of each of the part's positions [M], in nats. */
    double[] surprises(Part part) {
        try (Scope _ = Scope.open()) {
            Tensor stream = throughLayers(part, shape.layers());
            Tensor chosen = kernels.selectRows(stream, part.positions());
            return surprises(kernels.norm(chosen, weights.finalGain()).output(), part);
        }
    }

    private double[] surprises(Tensor normed, Part part) {
        double[] all = new double[part.positions().length];
        for (int[] piece : pieces(all.length)) {
            try (Scope _ = Scope.open()) {
                Tensor logits = products.linear(rows(normed, piece), weights.head());
                int[] targets = Arrays.copyOfRange(part.targets(), piece[0], piece[1]);
                double[] some = kernels.crossEntropy(logits, targets);
                System.arraycopy(some, 0, all, piece[0], some.length);
            }
        }
        return all;
    }

    /** Logits of the part's positions [M*V]. */
    float[] logits(Part part) {
        try (Scope _ = Scope.open()) {
            Tensor chosen = kernels.selectRows(throughLayers(part, shape.layers()), part.positions());
            Tensor normed = kernels.norm(chosen, weights.finalGain()).output();
            int width = (int) weights.head().sizes()[0];
            float[] all = new float[Math.multiplyExact(part.positions().length, width)];
            for (int[] piece : pieces(part.positions().length)) {
                try (Scope _ = Scope.open()) {
                    double[] logits =
                            products.linear(rows(normed, piece), weights.head()).toDoubles();
                    for (int index = 0; index < logits.length; index++) {
                        all[piece[0] * width + index] = (float) logits[index];
                    }
                }
            }
            return all;
        }
    }

    /** Returns the loss as {@link #loss} does, and adds its gradient times the scale to the given tensors. */
    double lossAndGradient(Part part, double scale, ModelTensors gradients) {
        try (Scope _ = Scope.open()) {
            List<SavedLayer> saved = new ArrayList<>();
            int first = gradients.firstLayer(); // below it nothing is trained: no saving, no backward
            Tensor stream = throughLayers(part, first); // [N,D]
            for (ModelTensors.Layer layer : weights.layers().subList(first, shape.layers())) {
                stream = forward(layer, stream, part, saved);
            }
            double[] loss = new double[1];
            Tensor gradient = headBackward(stream, part, scale, gradients, loss); // [N,D]
            stream.close();
            for (int index = saved.size() - 1; index >= 0; index--) {
                SavedLayer layer = saved.get(index);
                gradient = backward(
                        weights.layers().get(first + index),
                        layer,
                        gradient,
                        part,
                        gradients.layers().get(first + index));
                layer.close();
            }
            if (gradients.embedding() != null) {
                kernels.embedBackward(gradient, part.tokens(), gradients.embedding());
            }
            return loss[0];
        }
    }

    /** The stream after the embedding and this many layers, of which nothing is kept. */
    private Tensor throughLayers(Part part, int count) {
        Tensor stream = kernels.embed(weights.embedding(), part.tokens());
        for (ModelTensors.Layer layer : weights.layers().subList(0, count)) {
            try (Scope scope = Scope.open()) {
                List<SavedLayer> saved = new ArrayList<>();
                Tensor next = scope.keep(forward(layer, stream, part, saved));
                saved.getFirst().close();
                stream = next;
            }
        }
        return stream;
    }

    /** One layer: attention and then feed-forward, each on the normed stream and added back to it. */
    private Tensor forward(ModelTensors.Layer layer, Tensor input, Part part, List<SavedLayer> saved) {
        try (Scope scope = Scope.open()) {
            Kernels.Normed attentionNorm = kernels.norm(input, layer.attentionGain());
            Tensor queryKeyValue = products.linear(attentionNorm.output(), layer.queryKeyValue()); // [N,(H+2K)d]
            SavedHeads heads = null;
            if (layer.headGains() != null) {
                Kernels.Normed normed = kernels.normHeads(queryKeyValue, layer.headGains());
                heads = new SavedHeads(scope.keep(queryKeyValue), scope.keep(normed.inverseRms()));
                queryKeyValue = normed.output();
            }
            Attention.Attended attended = attention.forward(queryKeyValue, part.rows(), part.length());
            Tensor middle = products.linearPlus(input, attended.output(), layer.output()); // [N,D]

            Kernels.Normed feedForwardNorm = kernels.norm(middle, layer.feedForwardGain());
            Tensor gateUp = products.linear(feedForwardNorm.output(), layer.gateUp()); // [N,2F]
            Tensor hidden = kernels.swiglu(gateUp); // [N,F]
            Tensor output = products.linearPlus(middle, hidden, layer.down()); // [N,D]

            SavedLayer all = new SavedLayer(
                    input,
                    keep(scope, attentionNorm),
                    heads,
                    keep(scope, attended),
                    scope.keep(middle),
                    keep(scope, feedForwardNorm),
                    scope.keep(gateUp),
                    scope.keep(hidden));
            saved.add(all);
            return scope.keep(output);
        }
    }

    /** Gradient of the layer's input from that of its output, both [N,D]; closes the latter. */
    private Tensor backward(
            ModelTensors.Layer layer, SavedLayer saved, Tensor gradient, Part part, ModelTensors.Layer gradients) {
        try (Scope scope = Scope.open()) {
            Tensor ofOutput = kernels.toProduct(gradient);
            Tensor ofHidden = products.backward(layer.down(), gradients.down(), ofOutput, saved.hidden()); // [N,F]
            Tensor ofGateUp = kernels.swigluBackward(ofHidden, saved.gateUp()); // [N,2F]
            Tensor ofNormed = products.backward( // [N,D]
                    layer.gateUp(),
                    gradients.gateUp(),
                    ofGateUp,
                    saved.feedForwardNorm().output());
            Tensor ofMiddle = kernels.normBackward( // [N,D]
                    ofNormed,
                    saved.middle(),
                    saved.feedForwardNorm().inverseRms(),
                    layer.feedForwardGain(),
                    gradients.feedForwardGain(),
                    gradient);

            Tensor ofProjected = kernels.toProduct(ofMiddle);
            Tensor ofAttended = products.backward( // [N,Hd]
                    layer.output(),
                    gradients.output(),
                    ofProjected,
                    saved.attended().output());
            Tensor ofQueryKeyValue = // [N,(H+2K)d]
                    attention.backward(saved.attended(), ofAttended, part.rows(), part.length());
            if (saved.heads() != null) {
                ofQueryKeyValue = kernels.normHeadsBackward(
                        ofQueryKeyValue,
                        saved.heads().projected(),
                        saved.heads().inverseRms(),
                        layer.headGains(),
                        gradients.headGains());
            }
            Tensor ofAttentionNorm = products.backward( // [N,D]
                    layer.queryKeyValue(),
                    gradients.queryKeyValue(),
                    ofQueryKeyValue,
                    saved.attentionNorm().output());
            Tensor ofInput = kernels.normBackward( // [N,D]
                    ofAttentionNorm,
                    saved.input(),
                    saved.attentionNorm().inverseRms(),
                    layer.attentionGain(),
                    gradients.attentionGain(),
                    ofMiddle);
            gradient.close();
            return scope.keep(ofInput);
        }
    }

    /** Last norm, output projection and loss, forward and backward; gradient of the stream after the layers [N,D]. */
    private Tensor headBackward(Tensor stream, Part part, double scale, ModelTensors gradients, double[] loss) {
        int count = part.positions().length;
        boolean all = count == part.tokenCount();
        try (Scope scope = Scope.open()) {
            Tensor chosen = all ? stream : kernels.selectRows(stream, part.positions()); // [M,D]
            Kernels.Normed norm = kernels.norm(chosen, weights.finalGain());
            Tensor ofNormed = Tensor.empty(norm.output().dtype(), count, shape.dimension()); // [M,D]
            TargetWeights counted = part.weights();
            if (part.pairs() != null) {
                Pairs.Outcome outcome = part.pairs().outcome(surprises(norm.output(), part), part);
                counted = outcome.weights();
                loss[0] += outcome.loss();
            }
            for (int[] piece : pieces(count)) {
                try (Scope _ = Scope.open()) {
                    Tensor normed = rows(norm.output(), piece);
                    Tensor logits = products.linear(normed, weights.head()); // [piece,V]
                    int[] targets = Arrays.copyOfRange(part.targets(), piece[0], piece[1]);
                    double sum = kernels.crossEntropyBackward(logits, targets, counted.rows(piece[0], piece[1]), scale);
                    loss[0] += part.pairs() == null ? sum : 0;
                    products.weightGradient(gradients.head(), logits, normed);
                    Operators.COPY.run(rows(ofNormed, piece), products.inputGradient(logits, weights.head()));
                }
            }
            Tensor ofChosen = kernels.normBackward(
                    ofNormed, chosen, norm.inverseRms(), weights.finalGain(), gradients.finalGain(), null);
            return scope.keep(all ? ofChosen : kernels.spreadRows(ofChosen, part.positions(), part.tokenCount()));
        }
    }

    private List<int[]> pieces(int count) {
        int size = Math.max(32, LOGITS_AT_ONCE / (int) weights.head().sizes()[0]);
        List<int[]> pieces = new ArrayList<>();
        for (int from = 0; from < count; from += size) {
            pieces.add(new int[] {from, Math.min(count, from + size)});
        }
        return pieces;
    }

    private Tensor rows(Tensor matrix, int[] range) {
        long width = shape.dimension();
        return matrix.slice(range[0] * width, range[1] - range[0], width);
    }

    private static Kernels.Normed keep(Scope scope, Kernels.Normed normed) {
        return new Kernels.Normed(scope.keep(normed.output()), scope.keep(normed.inverseRms()));
    }

    private static Attention.Attended keep(Scope scope, Attention.Attended attended) {
        attended.saved().forEach(scope::keep);
        return new Attention.Attended(scope.keep(attended.output()), attended.saved());
    }
}
