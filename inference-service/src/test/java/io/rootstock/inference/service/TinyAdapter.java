package io.rootstock.inference.service;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.GgufAdapter;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.llama.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes a random low-rank adapter of a {@link TinyModel} and merges it into the model. */
final class TinyAdapter {
    private static final int RANK = 4;
    private static final ModelShape SHAPE = new ModelShape(
            TinyModel.VOCABULARY,
            TinyModel.DIMENSION,
            TinyModel.LAYERS,
            TinyModel.HEADS,
            TinyModel.KEY_VALUE_HEADS,
            TinyModel.FEED_FORWARD,
            TinyModel.CONTEXT,
            ModelShape.NORM_EPSILON,
            10_000,
            false,
            0);

    private TinyAdapter() {}

    /** Writes an adapter with {@code scale * B A} for every down projection, and adds that product to the model. */
    static Path write(Path file, TinyModel model, double scale) throws IOException {
        Random random = new Random(7);
        List<NamedTensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < TinyModel.LAYERS; layer++) {
            float[] a = normal(random, RANK * TinyModel.FEED_FORWARD);
            float[] b = normal(random, TinyModel.DIMENSION * RANK);
            String name = "model.layers." + layer + ".mlp.down_proj.";
            tensors.add(NamedTensor.of(name + "lora_A.weight", a, RANK, TinyModel.FEED_FORWARD));
            tensors.add(NamedTensor.of(name + "lora_B.weight", b, TinyModel.DIMENSION, RANK));
            merge(model.tensors.get("blk." + layer + ".ffn_down.weight"), a, b, scale);
        }
        GgufAdapter.write(
                file, SHAPE, new PeftAdapter(RANK, scale * RANK, false, List.of("down_proj"), tensors), "tone");
        return file;
    }

    /** Adds scale * b [D,R] a [R,F] to weight [D,F]. */
    private static void merge(float[] weight, float[] a, float[] b, double scale) {
        for (int row = 0; row < TinyModel.DIMENSION; row++) {
            for (int column = 0; column < TinyModel.FEED_FORWARD; column++) {
                double sum = 0;
                for (int r = 0; r < RANK; r++) {
                    sum += (double) b[row * RANK + r] * a[r * TinyModel.FEED_FORWARD + column];
                }
                weight[row * TinyModel.FEED_FORWARD + column] += (float) (scale * sum);
            }
        }
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * 0.2);
        }
        return values;
    }
}
