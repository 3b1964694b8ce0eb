package io.rootstock.trainer.engine.model;

import io.rootstock.checkpoint.ModelShape;
import java.util.Map;

/**
 * Quantized matrices of a base model: embedding, output projection and all projections of the layers.
 *
 * @param matrices by Hugging Face name, such as {@code model.layers.0.mlp.up_proj.weight}
 */
public record QuantizedWeights(Map<String, QuantizedTensor> matrices) {
    /** Copies the map. */
    public QuantizedWeights {
        matrices = Map.copyOf(matrices);
    }

    /** Size of all blocks, in bytes. */
    public long bytes() {
        return matrices.values().stream()
                .mapToLong(matrix -> matrix.blocks().byteSize())
                .sum();
    }

    /**
     * Checks that these are exactly the frozen matrices of the model.
     *
     * @throws IllegalArgumentException if a matrix is missing, has another shape, or would be trained
     */
    public void requireFit(ModelShape shape, Tuning tuning) {
        if (!(tuning instanceof Tuning.LowRank)) {
            throw new IllegalArgumentException(
                    "quantized weights are frozen: only adapters can be trained beside them");
        }
        for (ParameterLayout.Place place : ParameterLayout.frozen(shape, tuning).places()) {
            if (place.shape().length != 2) {
                continue;
            }
            QuantizedTensor matrix = matrices.get(place.name());
            if (matrix == null) {
                throw new IllegalArgumentException("the quantized base has no matrix " + place.name());
            }
            if (matrix.rows() != place.shape()[0] || matrix.columns() != place.shape()[1]) {
                throw new IllegalArgumentException("the quantized base has " + place.name() + " [" + matrix.rows() + ","
                        + matrix.columns() + "], the model's is [" + place.shape()[0] + "," + place.shape()[1] + "]");
            }
        }
    }
}
