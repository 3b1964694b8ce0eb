package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The decoder, forward and backward, read from top to bottom. The backward is the forward's steps in reverse, each with
 * its derivative; gradients are added to the given tensors. N = B*L tokens, D the residual width, H query heads and K
 * shared ones of width d, F the feed-forward width, V the vocabulary (or the classes), M the positions with a loss.
 */
final class Llama {
    /** Pieces have this many rows at least: each reads and writes all of the output projection's gradient once more. */
    private static final int LEAST_ROWS_AT_ONCE = 256;

    private final ModelShape shape;
    private final ModelTensors weights;
    private final Kernels kernels;
    private final RowAttention attention;
    private final Products products;
    private final Recomputation recomputation;

    Llama(
            ModelShape shape,
            ModelTensors weights,
            Kernels kernels,
            Attention attention,
            DType wide,
            DType product,
            Recomputation recomputation) {
        this.shape = shape;
        this.weights = weights;
        this.kernels = kernels;
        this.attention = new RowAttention(attention);
        this.products = new Products(kernels, wide, product);
        this.recomputation = recomputation;
    }

    /** What a layer's backward has of its forward; what it makes again is null. */
    private record SavedLayer(
            Tensor input, // [N,D]
            SavedAttention attention,
            Tensor middle, // [N,D]
            Tensor gateUp // [N,2F]
            ) {
        void close() {
            input.close();
            if (attention != null) {
                attention.tensors().forEach(Tensor::close);
            }
            if (middle != null) {
                middle.close();
                gateUp.close();
            }
        }
    }

    /**
     * What the attention's backward needs of its forward.
     *
     * @param projected what the norms of heads read [N,(H+2K)d]; null without them
     * @param attended output [N,Hd]
     */
    private record SavedAttention(Tensor projected, Attention.Attended attended) {
        List<Tensor> tensors() {
            List<Tensor> all = new ArrayList<>(attended.saved());
            all.add(attended.output());
            if (projected != null) {
                all.add(projected);
            }
            return all;
        }

        SavedAttention keptBy(Scope scope) {
            tensors().forEach(scope::keep);
            return this;
        }
    }

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
            Tensor chosen = kernels.selectRows(stream, part.roundedPositions());
            return surprises(kernels.norm(chosen, weights.finalGain()).output(), part);
        }
    }

    private double[] surprises(Tensor normed, Part part) {
        double[] all = new double[(int) normed.sizes()[0]];
        for (int[] piece : pieces(all.length)) {
            try (Scope _ = Scope.open()) {
                Tensor logits = products.linear(rows(normed, piece), weights.head());
                int[] targets = Arrays.copyOfRange(part.targets(), piece[0], piece[1]);
                double[] some = kernels.crossEntropy(logits, targets);
                System.arraycopy(some, 0, all, piece[0], some.length);
            }
        }
        return Arrays.copyOf(all, part.positions().length);
    }

    /** Logits of the part's positions [M*V]. */
    float[] logits(Part part) {
        try (Scope _ = Scope.open()) {
            Tensor chosen = kernels.selectRows(throughLayers(part, shape.layers()), part.positions());
            Tensor normed = kernels.norm(chosen, weights.finalGain()).output();
            int width = (int) weights.head().rows();
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
        return lossAndGradient(part, scale, gradients, _ -> {});
    }

    /**
     * The same.
     *
     * @param finished told of each layer, the last first, when nothing more is added to its matrices' gradients; those of
     *     an output projection of its own are finished then too
     */
    double lossAndGradient(Part part, double scale, ModelTensors gradients, IntConsumer finished) {
        try (Scope _ = Scope.open()) {
            List<SavedLayer> saved = new ArrayList<>();
            int first = gradients.firstLayer(); // below it nothing is trained: no saving, no backward
            Tensor stream = throughLayers(part, first); // [N,D]
            for (ModelTensors.Layer layer : weights.layers().subList(first, shape.layers())) {
                stream = forward(layer, stream, part, recomputation, saved);
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
                finished.accept(first + index);
            }
            if (gradients.embedding() != null) {
                kernels.embedBackward(gradient, part.tokens(), Matrix.tensor(gradients.embedding()));
            }
            double late = kernels.takeLoss();
            return part.pairs() == null ? loss[0] + late : loss[0];
        }
    }

    /** The stream after the embedding and this many layers, of which nothing is kept. */
    private Tensor throughLayers(Part part, int count) {
        Tensor stream = products.embed(weights.embedding(), part.tokens());
        for (ModelTensors.Layer layer : weights.layers().subList(0, count)) {
            try (Scope scope = Scope.open()) {
                List<SavedLayer> saved = new ArrayList<>();
                Tensor next = scope.keep(forward(layer, stream, part, Recomputation.BLOCK, saved));
                saved.getFirst().close();
                stream = next;
            }
        }
        return stream;
    }

    /** One layer: attention and then feed-forward, each on the normed stream and added back to it. */
    private Tensor forward(
            ModelTensors.Layer layer, Tensor input, Part part, Recomputation again, List<SavedLayer> saved) {
        try (Scope scope = Scope.open()) {
            SavedAttention attention = attend(layer, input, part);
            Tensor middle = products.linearPlus(input, attention.attended().output(), layer.output()); // [N,D]
            Tensor gateUp = gateUp(layer, middle); // [N,2F]
            Tensor hidden = kernels.swiglu(gateUp); // [N,F]
            Tensor output = products.linearPlus(middle, hidden, layer.down()); // [N,D]
            saved.add(
                    switch (again) {
                        case NONE ->
                            new SavedLayer(input, attention.keptBy(scope), scope.keep(middle), scope.keep(gateUp));
                        case ATTENTION -> new SavedLayer(input, null, scope.keep(middle), scope.keep(gateUp));
                        case BLOCK -> new SavedLayer(input, null, null, null);
                    });
            return scope.keep(output);
        }
    }

    private SavedAttention attend(ModelTensors.Layer layer, Tensor input, Part part) {
        try (Scope scope = Scope.open()) {
            Tensor normed = kernels.norm(input, layer.attentionGain()).output(); // [N,D]
            Tensor projected = products.linear(normed, layer.queryKeyValue()); // [N,(H+2K)d]
            boolean headNorms = layer.headGains() != null;
            Tensor queryKeyValue =
                    headNorms ? kernels.normHeads(projected, layer.headGains()).output() : projected;
            Attention.Attended attended = attention.forward(queryKeyValue, part.spans());
            return new SavedAttention(headNorms ? projected : null, attended).keptBy(scope);
        }
    }

    private Tensor gateUp(ModelTensors.Layer layer, Tensor middle) {
        try (Scope scope = Scope.open()) {
            Tensor normed = kernels.norm(middle, layer.feedForwardGain()).output(); // [N,D]
            return scope.keep(products.linear(normed, layer.gateUp()));
        }
    }

    /** Gradient of the layer's input from that of its output, both [N,D]; closes the latter. */
    private Tensor backward(
            ModelTensors.Layer layer, SavedLayer saved, Tensor gradient, Part part, ModelTensors.Layer gradients) {
        try (Scope scope = Scope.open()) {
            SavedAttention attention = saved.attention();
            Tensor middle = saved.middle();
            if (middle == null) {
                attention = attend(layer, saved.input(), part);
                middle = products.linearPlus(saved.input(), attention.attended().output(), layer.output());
            }
            Tensor ofMiddle = feedForwardBackward(layer, middle, saved.gateUp(), gradient, gradients); // [N,D]
            gradient.close();
            if (attention == null) {
                attention = attend(layer, saved.input(), part);
            }
            return scope.keep(attentionBackward(layer, saved.input(), attention, ofMiddle, part, gradients));
        }
    }

    private Tensor feedForwardBackward(
            ModelTensors.Layer layer, Tensor middle, Tensor saved, Tensor gradient, ModelTensors.Layer gradients) {
        try (Scope scope = Scope.open()) {
            Tensor gateUp = saved == null ? gateUp(layer, middle) : saved; // [N,2F]
            Tensor ofGateUp = scope.keep(downBackward(layer, gateUp, gradient, gradients)); // [N,2F]
            Kernels.Normed norm = kernels.norm(middle, layer.feedForwardGain());
            Tensor ofNormed = products.backward(layer.gateUp(), gradients.gateUp(), ofGateUp, norm.output()); // [N,D]
            return scope.keep(kernels.normBackward(
                    ofNormed,
                    middle,
                    norm.inverseRms(),
                    layer.feedForwardGain(),
                    gradients.feedForwardGain(),
                    gradient));
        }
    }

    private Tensor downBackward(
            ModelTensors.Layer layer, Tensor gateUp, Tensor gradient, ModelTensors.Layer gradients) {
        try (Scope scope = Scope.open()) {
            Tensor ofOutput = kernels.toProduct(gradient); // [N,D]
            Tensor ofReduced = products.reducedGradient(layer.down().adapter(), ofOutput);
            Tensor ofHidden = products.inputGradient(layer.down(), ofOutput, ofReduced); // [N,F]
            Kernels.Gated gated = kernels.swigluBackward(ofHidden, gateUp);
            products.weightGradients(layer.down(), gradients.down(), ofOutput, ofReduced, gated.hidden());
            return scope.keep(gated.ofGateUp());
        }
    }

    private Tensor attentionBackward(
            ModelTensors.Layer layer,
            Tensor input,
            SavedAttention saved,
            Tensor ofMiddle,
            Part part,
            ModelTensors.Layer gradients) {
        try (Scope scope = Scope.open()) {
            Tensor ofAttended = products.backward( // [N,Hd]
                    layer.output(),
                    gradients.output(),
                    kernels.toProduct(ofMiddle),
                    saved.attended().output());
            Tensor ofQueryKeyValue = // [N,(H+2K)d]
                    attention.backward(saved.attended(), ofAttended, part.spans());
            if (saved.projected() != null) {
                Tensor inverseRms =
                        kernels.normHeads(saved.projected(), layer.headGains()).inverseRms(); // [N,H+K]
                ofQueryKeyValue = kernels.normHeadsBackward(
                        ofQueryKeyValue, saved.projected(), inverseRms, layer.headGains(), gradients.headGains());
            }
            Kernels.Normed norm = kernels.norm(input, layer.attentionGain());
            Tensor ofNormed = // [N,D]
                    products.backward(layer.queryKeyValue(), gradients.queryKeyValue(), ofQueryKeyValue, norm.output());
            return scope.keep(kernels.normBackward(
                    ofNormed, input, norm.inverseRms(), layer.attentionGain(), gradients.attentionGain(), ofMiddle));
        }
    }

    /** Last norm, output projection and loss, forward and backward; gradient of the stream after the layers [N,D]. */
    private Tensor headBackward(Tensor stream, Part part, double scale, ModelTensors gradients, double[] loss) {
        int count = part.positions().length;
        boolean all = count == part.tokenCount();
        try (Scope scope = Scope.open()) {
            Tensor chosen = all ? stream : kernels.selectRows(stream, part.roundedPositions()); // [M or a few more,D]
            int rounded = (int) chosen.sizes()[0];
            Kernels.Normed norm = kernels.norm(chosen, weights.finalGain());
            Tensor ofNormed = Tensor.empty(norm.output().dtype(), rounded, shape.dimension());
            TargetWeights counted = part.weights();
            if (part.pairs() != null) {
                Pairs.Outcome outcome = part.pairs().outcome(surprises(norm.output(), part), part);
                counted = outcome.weights();
                loss[0] += outcome.loss();
            }
            for (int[] piece : pieces(rounded)) {
                try (Scope _ = Scope.open()) {
                    Tensor normed = rows(norm.output(), piece);
                    Tensor logits = products.linear(normed, weights.head()); // [piece,V]
                    int[] targets = Arrays.copyOfRange(part.targets(), piece[0], piece[1]);
                    double sum = kernels.crossEntropyBackward(logits, targets, counted.rows(piece[0], piece[1]), scale);
                    loss[0] += part.pairs() == null ? sum : 0;
                    products.weightGradient(Matrix.tensor(gradients.head()), logits, normed);
                    Operators.COPY.run(rows(ofNormed, piece), products.inputGradient(logits, weights.head()));
                }
            }
            Tensor ofChosen = kernels.normBackward(
                    ofNormed, chosen, norm.inverseRms(), weights.finalGain(), gradients.finalGain(), null);
            if (all) {
                return scope.keep(ofChosen);
            }
            Tensor ofPositions = rows(ofChosen, new int[] {0, count}); // [M,D]
            return scope.keep(kernels.spreadRows(ofPositions, part.positions(), part.tokenCount()));
        }
    }

    /** Logits are made in pieces of rows. */
    List<int[]> pieces(int count) {
        int size = Part.rounded(Math.max(
                LEAST_ROWS_AT_ONCE,
                kernels.logitsAtOnce() / (int) weights.head().rows()));
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
}
