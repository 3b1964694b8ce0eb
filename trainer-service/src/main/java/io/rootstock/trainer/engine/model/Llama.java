package io.rootstock.trainer.engine.model;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.batch.PreferencePairs;
import io.rootstock.trainer.engine.batch.TargetWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Forward and backward pass of the decoder. The backward pass runs the steps of the forward pass in reverse and adds
 * gradients to the given tensors. A variable dX is the gradient of the loss with respect to X. N tokens, D width of
 * the residual stream, H query heads and K key-value heads of width d, F feed-forward width, V vocabulary size (or number
 * of classes), M positions with a loss.
 */
public final class Llama {
    /** Minimum rows of a chunk of logits: each chunk reads and writes the whole gradient of the output projection. */
    private static final int MIN_CHUNK_ROWS = 256;

    private final ModelShape shape;
    private final ModelTensors weights;
    private final Kernels kernels;
    private final RowAttention attention;
    private final Products products;
    private final Recomputation recomputation;

    /**
     * A model over existing weights.
     *
     * @param shape hyperparameters
     * @param weights the weights, compute copies included
     * @param kernels operations other than matrix products and attention
     * @param attention attention of rows of equal length
     * @param masterType type of master weights, gradients and the residual stream
     * @param computeType type of the operands of matrix products
     * @param recomputation activations to recompute in the backward pass
     */
    public Llama(
            ModelShape shape,
            ModelTensors weights,
            Kernels kernels,
            Attention attention,
            DType masterType,
            DType computeType,
            Recomputation recomputation) {
        this.shape = shape;
        this.weights = weights;
        this.kernels = kernels;
        this.attention = new RowAttention(attention);
        this.products = new Products(kernels, masterType, computeType);
        this.recomputation = recomputation;
    }

    /** Activations that a layer saves for its backward pass; recomputed ones are null. */
    private record SavedLayer(
            Tensor input, // [N,D]
            SavedAttention attention,
            Tensor residual2, // [N,D]
            Tensor gateUp // [N,2F]
            ) {
        void close() {
            input.close();
            if (attention != null) {
                attention.tensors().forEach(Tensor::close);
            }
            if (residual2 != null) {
                residual2.close();
                gateUp.close();
            }
        }
    }

    /**
     * Activations that attention saves for its backward pass.
     *
     * @param projected input of the head norms [N,(H+2K)d]; null without head norms
     * @param attended result of attention, with its output [N,Hd]
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

    /** Loss of a shard without gradients, in nats: the sum over its positions, or the DPO loss summed over its pairs. */
    public double loss(BatchShard shard) {
        double[] tokenLosses = tokenLosses(shard);
        return shard.pairs() == null
                ? Arrays.stream(tokenLosses).sum()
                : shard.pairs().outcome(tokenLosses, shard).loss();
    }

    /** Negative log-likelihood of each of the shard's positions [M], in nats. */
    public double[] tokenLosses(BatchShard shard) {
        try (Scope _ = Scope.open()) {
            Tensor stream = throughLayers(shard, shape.layers());
            Tensor chosen = kernels.gatherRows(stream, shard.roundedPositions());
            return tokenLosses(kernels.norm(chosen, weights.finalGain()).output(), shard);
        }
    }

    private double[] tokenLosses(Tensor normed, BatchShard shard) {
        double[] all = new double[(int) normed.sizes()[0]];
        for (int[] chunk : logitChunks(all.length)) {
            try (Scope _ = Scope.open()) {
                Tensor logits = products.linear(rows(normed, chunk), weights.head());
                int[] targets = Arrays.copyOfRange(shard.targets(), chunk[0], chunk[1]);
                double[] some = kernels.crossEntropy(logits, targets);
                System.arraycopy(some, 0, all, chunk[0], some.length);
            }
        }
        return Arrays.copyOf(all, shard.positions().length);
    }

    /** Logits of the shard's positions, row-major [M*V]. */
    public float[] logits(BatchShard shard) {
        try (Scope _ = Scope.open()) {
            Tensor chosen = kernels.gatherRows(throughLayers(shard, shape.layers()), shard.positions());
            Tensor normed = kernels.norm(chosen, weights.finalGain()).output();
            int width = (int) weights.head().rows();
            float[] all = new float[Math.multiplyExact(shard.positions().length, width)];
            for (int[] chunk : logitChunks(shard.positions().length)) {
                try (Scope _ = Scope.open()) {
                    double[] logits =
                            products.linear(rows(normed, chunk), weights.head()).toDoubles();
                    for (int index = 0; index < logits.length; index++) {
                        all[chunk[0] * width + index] = (float) logits[index];
                    }
                }
            }
            return all;
        }
    }

    /** Returns the loss as {@link #loss} does, and adds its gradient times the scale to the given tensors. */
    public double lossAndGradient(BatchShard shard, double scale, ModelTensors gradients) {
        return lossAndGradient(shard, scale, gradients, _ -> {});
    }

    /**
     * Returns the loss of a shard and accumulates its gradient.
     *
     * @param scale factor of the gradient
     * @param gradients accumulates the gradient; frozen parameters are null
     * @param finished receives each layer index, the last layer first, once the gradients of its matrices are complete;
     *     the gradient of an untied output projection is complete by then too
     */
    public double lossAndGradient(BatchShard shard, double scale, ModelTensors gradients, IntConsumer finished) {
        try (Scope _ = Scope.open()) {
            List<SavedLayer> saved = new ArrayList<>();
            int first = gradients.firstLayer(); // layers below it have no backward pass
            Tensor stream = throughLayers(shard, first); // [N,D]
            for (ModelTensors.Layer layer : weights.layers().subList(first, shape.layers())) {
                stream = forward(layer, stream, shard, recomputation, saved);
            }
            double[] loss = new double[1];
            Tensor gradient = headBackward(stream, shard, scale, gradients, loss); // [N,D]
            stream.close();
            for (int index = saved.size() - 1; index >= 0; index--) {
                SavedLayer layer = saved.get(index);
                gradient = backward(
                        weights.layers().get(first + index),
                        layer,
                        gradient,
                        shard,
                        gradients.layers().get(first + index));
                layer.close();
                finished.accept(first + index);
            }
            if (gradients.embedding() != null) {
                kernels.embedBackward(gradient, shard.tokens(), Matrix.tensor(gradients.embedding()));
            }
            double deferred = kernels.takeDeferredLoss();
            return shard.pairs() == null ? loss[0] + deferred : loss[0];
        }
    }

    /** Residual stream after the embedding and the first layers [N,D], without saved activations. */
    private Tensor throughLayers(BatchShard shard, int count) {
        Tensor stream = products.embed(weights.embedding(), shard.tokens());
        for (ModelTensors.Layer layer : weights.layers().subList(0, count)) {
            try (Scope scope = Scope.open()) {
                List<SavedLayer> saved = new ArrayList<>();
                Tensor next = scope.keep(forward(layer, stream, shard, Recomputation.BLOCK, saved));
                saved.getFirst().close();
                stream = next;
            }
        }
        return stream;
    }

    /** One layer: residual2 = input + attention(norm(input)); output = residual2 + feedForward(norm(residual2)). */
    private Tensor forward(
            ModelTensors.Layer layer,
            Tensor input,
            BatchShard shard,
            Recomputation recomputation,
            List<SavedLayer> saved) {
        try (Scope scope = Scope.open()) {
            SavedAttention attention = attend(layer, input, shard);
            Tensor residual2 = products.linearPlus(input, attention.attended().output(), layer.output()); // [N,D]
            Tensor gateUp = gateUp(layer, residual2); // [N,2F]
            Tensor hidden = kernels.swiglu(gateUp); // [N,F]
            Tensor output = products.linearPlus(residual2, hidden, layer.down()); // [N,D]
            saved.add(
                    switch (recomputation) {
                        case NONE ->
                            new SavedLayer(input, attention.keptBy(scope), scope.keep(residual2), scope.keep(gateUp));
                        case ATTENTION -> new SavedLayer(input, null, scope.keep(residual2), scope.keep(gateUp));
                        case BLOCK -> new SavedLayer(input, null, null, null);
                    });
            return scope.keep(output);
        }
    }

    private SavedAttention attend(ModelTensors.Layer layer, Tensor input, BatchShard shard) {
        try (Scope scope = Scope.open()) {
            Tensor normed = kernels.norm(input, layer.attentionGain()).output(); // [N,D]
            Tensor projected = products.linear(normed, layer.queryKeyValue()); // [N,(H+2K)d]
            boolean headNorms = layer.headGains() != null;
            Tensor queryKeyValue =
                    headNorms ? kernels.normHeads(projected, layer.headGains()).output() : projected;
            Attention.Attended attended = attention.forward(queryKeyValue, shard.spans());
            return new SavedAttention(headNorms ? projected : null, attended).keptBy(scope);
        }
    }

    private Tensor gateUp(ModelTensors.Layer layer, Tensor residual2) {
        try (Scope scope = Scope.open()) {
            Tensor normed = kernels.norm(residual2, layer.feedForwardGain()).output(); // [N,D]
            return scope.keep(products.linear(normed, layer.gateUp()));
        }
    }

    /** Gradient of the layer's input from that of its output, both [N,D]; closes the gradient of the output. */
    private Tensor backward(
            ModelTensors.Layer layer,
            SavedLayer saved,
            Tensor gradient,
            BatchShard shard,
            ModelTensors.Layer gradients) {
        try (Scope scope = Scope.open()) {
            SavedAttention attention = saved.attention();
            Tensor residual2 = saved.residual2();
            if (residual2 == null) {
                attention = attend(layer, saved.input(), shard);
                residual2 =
                        products.linearPlus(saved.input(), attention.attended().output(), layer.output());
            }
            Tensor dResidual2 = feedForwardBackward(layer, residual2, saved.gateUp(), gradient, gradients); // [N,D]
            gradient.close();
            if (attention == null) {
                attention = attend(layer, saved.input(), shard);
            }
            return scope.keep(attentionBackward(layer, saved.input(), attention, dResidual2, shard, gradients));
        }
    }

    private Tensor feedForwardBackward(
            ModelTensors.Layer layer, Tensor residual2, Tensor saved, Tensor gradient, ModelTensors.Layer gradients) {
        try (Scope scope = Scope.open()) {
            Tensor gateUp = saved == null ? gateUp(layer, residual2) : saved; // [N,2F]
            Tensor dGateUp = scope.keep(downBackward(layer, gateUp, gradient, gradients)); // [N,2F]
            Kernels.Normed norm = kernels.norm(residual2, layer.feedForwardGain());
            Tensor dNormed = products.backward(layer.gateUp(), gradients.gateUp(), dGateUp, norm.output()); // [N,D]
            return scope.keep(kernels.normBackward(
                    dNormed,
                    residual2,
                    norm.inverseRms(),
                    layer.feedForwardGain(),
                    gradients.feedForwardGain(),
                    gradient));
        }
    }

    private Tensor downBackward(
            ModelTensors.Layer layer, Tensor gateUp, Tensor gradient, ModelTensors.Layer gradients) {
        try (Scope scope = Scope.open()) {
            Tensor dOutput = kernels.toComputeType(gradient); // [N,D]
            Tensor dReduced = products.reducedGradient(layer.down().adapter(), dOutput);
            Tensor dHidden = products.inputGradient(layer.down(), dOutput, dReduced); // [N,F]
            Kernels.Gated gated = kernels.swigluBackward(dHidden, gateUp);
            products.weightGradients(layer.down(), gradients.down(), dOutput, dReduced, gated.hidden());
            return scope.keep(gated.dGateUp());
        }
    }

    private Tensor attentionBackward(
            ModelTensors.Layer layer,
            Tensor input,
            SavedAttention saved,
            Tensor dResidual2,
            BatchShard shard,
            ModelTensors.Layer gradients) {
        try (Scope scope = Scope.open()) {
            Tensor dAttended = products.backward( // [N,Hd]
                    layer.output(),
                    gradients.output(),
                    kernels.toComputeType(dResidual2),
                    saved.attended().output());
            Tensor dQueryKeyValue = // [N,(H+2K)d]
                    attention.backward(saved.attended(), dAttended, shard.spans());
            if (saved.projected() != null) {
                Tensor inverseRms =
                        kernels.normHeads(saved.projected(), layer.headGains()).inverseRms(); // [N,H+K]
                dQueryKeyValue = kernels.normHeadsBackward(
                        dQueryKeyValue, saved.projected(), inverseRms, layer.headGains(), gradients.headGains());
            }
            Kernels.Normed norm = kernels.norm(input, layer.attentionGain());
            Tensor dNormed = // [N,D]
                    products.backward(layer.queryKeyValue(), gradients.queryKeyValue(), dQueryKeyValue, norm.output());
            return scope.keep(kernels.normBackward(
                    dNormed, input, norm.inverseRms(), layer.attentionGain(), gradients.attentionGain(), dResidual2));
        }
    }

    /** Final norm, output projection and loss, forward and backward; returns the gradient of the residual stream [N,D]. */
    private Tensor headBackward(Tensor stream, BatchShard shard, double scale, ModelTensors gradients, double[] loss) {
        int count = shard.positions().length;
        boolean all = count == shard.tokenCount();
        try (Scope scope = Scope.open()) {
            Tensor chosen = all ? stream : kernels.gatherRows(stream, shard.roundedPositions()); // [M rounded up,D]
            int rounded = (int) chosen.sizes()[0];
            Kernels.Normed norm = kernels.norm(chosen, weights.finalGain());
            Tensor dNormed = Tensor.empty(norm.output().dtype(), rounded, shape.dimension());
            TargetWeights targetWeights = shard.weights();
            if (shard.pairs() != null) {
                PreferencePairs.Outcome outcome = shard.pairs().outcome(tokenLosses(norm.output(), shard), shard);
                targetWeights = outcome.weights();
                loss[0] += outcome.loss();
            }
            for (int[] chunk : logitChunks(rounded)) {
                try (Scope _ = Scope.open()) {
                    Tensor normed = rows(norm.output(), chunk);
                    Tensor logits = products.linear(normed, weights.head()); // [chunk,V]
                    int[] targets = Arrays.copyOfRange(shard.targets(), chunk[0], chunk[1]);
                    double sum = kernels.crossEntropyBackward(
                            logits, targets, targetWeights.rows(chunk[0], chunk[1]), scale);
                    loss[0] += shard.pairs() == null ? sum : 0;
                    products.weightGradient(Matrix.tensor(gradients.head()), logits, normed);
                    Operators.COPY.run(rows(dNormed, chunk), products.inputGradient(logits, weights.head()));
                }
            }
            Tensor dGathered = kernels.normBackward(
                    dNormed, chosen, norm.inverseRms(), weights.finalGain(), gradients.finalGain(), null);
            if (all) {
                return scope.keep(dGathered);
            }
            Tensor dPositions = rows(dGathered, new int[] {0, count}); // [M,D]
            return scope.keep(kernels.scatterRows(dPositions, shard.positions(), shard.tokenCount()));
        }
    }

    /** Row ranges {from, to} in which logits are computed, to bound their memory. */
    public List<int[]> logitChunks(int count) {
        int size = BatchShard.rounded(Math.max(
                MIN_CHUNK_ROWS, kernels.logitsAtOnce() / (int) weights.head().rows()));
        List<int[]> logitChunks = new ArrayList<>();
        for (int from = 0; from < count; from += size) {
            logitChunks.add(new int[] {from, Math.min(count, from + size)});
        }
        return logitChunks;
    }

    private Tensor rows(Tensor matrix, int[] range) {
        long width = shape.dimension();
        return matrix.slice(range[0] * width, range[1] - range[0], width);
    }
}
