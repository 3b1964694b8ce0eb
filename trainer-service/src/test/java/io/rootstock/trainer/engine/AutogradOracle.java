package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.torch.AutogradAccess;
import io.rootstock.torch.DType;
import io.rootstock.torch.Operator;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.torch.Torch;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.model.Tuning;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** An independent float64 implementation of the decoder, differentiated by libtorch's autograd. */
public final class AutogradOracle {
    private static final Operator EMBEDDING = Operator.of("aten::embedding(Tensor weight, Tensor indices, SymInt"
            + " padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor");
    private static final Operator NORM = Operator.of(
            "aten::rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor");
    private static final Operator ATTENTION = Operator.of("aten::scaled_dot_product_attention(Tensor query, Tensor key,"
            + " Tensor value, Tensor? attn_mask=None, float dropout_p=0.0, bool is_causal=False, *, float? scale=None, bool"
            + " enable_gqa=False) -> Tensor");
    private static final Operator CROSS_ENTROPY = Operator.of(
            "aten::cross_entropy_loss(Tensor self, Tensor target,"
                    + " Tensor? weight=None, int reduction=Mean, SymInt ignore_index=-100, float label_smoothing=0.0) -> Tensor");
    private static final Operator LOG_SIGMOID = Operator.of("aten::log_sigmoid(Tensor self) -> Tensor");
    private static final Operator BACKWARD = Operator.of("aten::_backward(Tensor self, Tensor[] inputs, Tensor?"
            + " gradient=None, bool? retain_graph=None, bool create_graph=False) -> ()");

    private final ModelShape shape;
    private final double adapterScale;
    private final Map<String, Tensor> weights = new HashMap<>();
    private Tensor cosines;
    private Tensor sines;

    private AutogradOracle(Engine engine) {
        this.shape = engine.shape();
        this.adapterScale = engine.tuning() instanceof Tuning.LowRank lowRank ? lowRank.scale() : 0;
    }

    private void put(ParameterView view) {
        double[] values = view.values().toArray(JAVA_DOUBLE);
        weights.put(view.name(), Tensor.of(values, view.shape()).requireGradient());
    }

    /** Mean gradients of the batch, flat, in the order of the engine's trained parameters. */
    public static double[] gradients(Engine engine, Batch batch) {
        try (Scope _ = Scope.open()) {
            Torch.setGradMode(true);
            AutogradOracle oracle = new AutogradOracle(engine);
            for (ParameterView view : engine.parameters()) {
                oracle.put(view);
            }
            for (ParameterView view : engine.adapterParameters()) {
                oracle.put(view);
            }
            BACKWARD.run(oracle.loss(batch), new Tensor[0]);
            double[] all = new double[(int) (engine.masterWeights().byteSize() / 8)];
            int next = 0;
            for (ParameterView view : engine.trainedParameters()) {
                Tensor gradient = AutogradAccess.gradient(oracle.weights.get(view.name()));
                MemorySegment values = gradient.memory();
                MemorySegment.copy(values, JAVA_DOUBLE, 0, all, next, (int) view.elements());
                next += (int) view.elements();
            }
            return all;
        } finally {
            Torch.setGradMode(false);
        }
    }

    private Tensor loss(Batch batch) {
        int width = shape.headDimension();
        double[] cosine = new double[batch.length() * width];
        double[] sine = new double[batch.length() * width];
        for (int index = 0; index < cosine.length; index++) {
            int position = index / width;
            double unscaled = Math.pow(shape.ropeTheta(), -2.0 * (index % (width / 2)) / width);
            double angle = position * scaled(unscaled);
            cosine[index] = Math.cos(angle);
            sine[index] = index % width < width / 2 ? -Math.sin(angle) : Math.sin(angle);
        }
        cosines = Tensor.of(cosine, batch.length(), width);
        sines = Tensor.of(sine, batch.length(), width);

        Tensor stream = EMBEDDING.call(weights.get("model.embed_tokens.weight"), longs(batch.tokens()));
        for (int layer = 0; layer < shape.layers(); layer++) {
            stream = layer(stream, layer, batch);
        }
        Tensor normed = norm(stream, "model.norm.weight");
        return switch (batch) {
            case LanguageBatch language -> {
                yield CROSS_ENTROPY.call(linear(normed, head()), longs(language.targets()));
            }
            case PreferenceBatch pairs -> preference(linear(normed, head()), pairs);
            case ClassificationBatch rows -> {
                int[] last = new int[rows.rows()];
                Arrays.setAll(last, row -> row * rows.length() + rows.lastPositions()[row]);
                Tensor chosen = Operators.SELECT_ROWS.call(normed, 0L, longs(last));
                double[] weights = rows.loss().classWeights();
                Tensor weight = weights.length == 0 ? null : Tensor.of(weights, weights.length);
                yield CROSS_ENTROPY.call(
                        linear(chosen, "score.weight"),
                        longs(rows.labels()),
                        weight,
                        1L,
                        (long) LanguageBatch.NO_LOSS,
                        rows.loss().smoothing());
            }
        };
    }

    /** Scaled frequencies by wavelength, as in Hugging Face transformers. */
    private double scaled(double unscaled) {
        return switch (shape.ropeScaling()) {
            case RopeScaling.None _ -> unscaled;
            case RopeScaling.Linear linear -> unscaled / linear.factor();
            case RopeScaling.Llama3 llama -> {
                double length = 2 * Math.PI / unscaled;
                double longest = llama.originalContext() / llama.lowFrequencyFactor();
                double shortest = llama.originalContext() / llama.highFrequencyFactor();
                double smooth = (llama.originalContext() / length - llama.lowFrequencyFactor())
                        / (llama.highFrequencyFactor() - llama.lowFrequencyFactor());
                yield length > longest
                        ? unscaled / llama.factor()
                        : length < shortest ? unscaled : (1 - smooth) * unscaled / llama.factor() + smooth * unscaled;
            }
        };
    }

    private String head() {
        return shape.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
    }

    /** Mean over the pairs of -log sigmoid(beta * ((chosen - its reference) - (rejected - its reference))). */
    private static Tensor preference(Tensor logits, PreferenceBatch pairs) {
        long none = 0;
        Tensor tokenLosses = CROSS_ENTROPY.call(logits, longs(pairs.targets()), null, none, -100L, 0.0);
        Tensor rows = Operators.SUM.call(
                Operators.VIEW.call(tokenLosses, new long[] {pairs.pairs(), 2, pairs.length()}), new long[] {2});
        Tensor chosen = Operators.NARROW.call(rows, 1L, 0L, 1L);
        Tensor rejected = Operators.NARROW.call(rows, 1L, 1L, 1L);
        double[] offsets = new double[pairs.pairs()];
        Arrays.setAll(offsets, pair -> pairs.reference()[2 * pair + 1] - pairs.reference()[2 * pair]);
        Tensor difference = rejected.plus(chosen, -1).plus(Tensor.of(offsets, pairs.pairs(), 1), 1);
        Tensor margins = Operators.MULTIPLY.call(difference, Tensor.scalar(DType.FLOAT64, pairs.beta()));
        Tensor likelihoods = LOG_SIGMOID.call(margins);
        return Operators.MULTIPLY.call(
                Operators.MEAN.call(likelihoods, new long[] {0, 1}, false), Tensor.scalar(DType.FLOAT64, -1));
    }

    private Tensor layer(Tensor stream, int layer, Batch batch) {
        Tensor normed = norm(stream, ParameterLayout.name(layer, "input_layernorm"));
        Tensor queries = rotate(normed(heads(normed, layer, "q_proj", batch), layer, "q_norm"));
        Tensor keys = rotate(normed(heads(normed, layer, "k_proj", batch), layer, "k_norm"));
        Tensor values = heads(normed, layer, "v_proj", batch);
        Tensor attended = ATTENTION.call(queries, keys, values, null, 0.0, true, null, true);
        Tensor merged = Operators.RESHAPE.call(
                Operators.TRANSPOSE.call(attended, 1L, 2L),
                new long[] {-1, (long) shape.heads() * shape.headDimension()});
        Tensor residual2 = stream.plus(linear(merged, ParameterLayout.name(layer, "self_attn.o_proj")), 1);
        Tensor second = norm(residual2, ParameterLayout.name(layer, "post_attention_layernorm"));
        Tensor gate = Operators.SILU.call(linear(second, ParameterLayout.name(layer, "mlp.gate_proj")));
        Tensor hidden = Operators.MULTIPLY.call(gate, linear(second, ParameterLayout.name(layer, "mlp.up_proj")));
        return residual2.plus(linear(hidden, ParameterLayout.name(layer, "mlp.down_proj")), 1);
    }

    private Tensor norm(Tensor rows, String gain) {
        return NORM.call(rows, new long[] {shape.dimension()}, weights.get(gain), shape.normEpsilon());
    }

    private Tensor linear(Tensor rows, String weight) {
        Tensor bias = weights.get(weight.replace(".weight", ".bias"));
        Tensor product = Operators.LINEAR.call(rows, weights.get(weight), bias);
        Tensor a = weights.get(weight.replace(".weight", ".lora_A.weight"));
        Tensor b = weights.get(weight.replace(".weight", ".lora_B.weight"));
        return a == null
                ? product
                : product.plus(Operators.LINEAR.call(Operators.LINEAR.call(rows, a, null), b, null), adapterScale);
    }

    private Tensor normed(Tensor heads, int layer, String name) {
        Tensor gain = weights.get(ParameterLayout.name(layer, "self_attn." + name));
        return gain == null ? heads : NORM.call(heads, new long[] {shape.headDimension()}, gain, shape.normEpsilon());
    }

    private Tensor heads(Tensor stream, int layer, String projection, Batch batch) {
        Tensor rows = linear(stream, ParameterLayout.name(layer, "self_attn." + projection));
        long[] sizes = {batch.rows(), batch.length(), -1, shape.headDimension()};
        return Operators.TRANSPOSE.call(Operators.VIEW.call(rows, sizes), 1L, 2L);
    }

    private Tensor rotate(Tensor heads) {
        Tensor rolled = Operators.ROLL.call(heads, new long[] {shape.headDimension() / 2}, new long[] {-1});
        return Operators.MULTIPLY.call(heads, cosines).plus(Operators.MULTIPLY.call(rolled, sines), 1);
    }

    private static Tensor longs(int[] values) {
        return Tensor.of(Arrays.stream(values).asLongStream().toArray(), values.length);
    }
}
