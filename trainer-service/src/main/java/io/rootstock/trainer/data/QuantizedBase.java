package io.rootstock.trainer.data;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.GgufTensors;
import io.rootstock.llama.GgmlType;
import io.rootstock.llama.Llama;
import io.rootstock.trainer.engine.model.QuantizedTensor;
import io.rootstock.trainer.engine.model.QuantizedWeights;
import io.rootstock.trainer.plan.RefusedSpecException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A base model in a GGUF file with quantized weights, memory-mapped until it is closed. */
public final class QuantizedBase implements AutoCloseable {
    private static final String FIELD = "base_gguf_digest";

    private final GgufTensors file;
    private final QuantizedWeights matrices;
    private final List<NamedTensor> vectors;

    private QuantizedBase(GgufTensors file, QuantizedWeights matrices, List<NamedTensor> vectors) {
        this.file = file;
        this.matrices = matrices;
        this.vectors = List.copyOf(vectors);
    }

    /** Maps a GGUF file; rejects a file that is not a model or has a tensor type that llama.cpp cannot dequantize. */
    public static QuantizedBase open(Path gguf) {
        try {
            GgufTensors file = GgufTensors.open(gguf);
            try {
                return of(file);
            } catch (RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (InvalidCheckpointException e) {
            throw new RefusedSpecException(FIELD, "is not a supported base model: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the base model " + gguf, e);
        }
    }

    private static QuantizedBase of(GgufTensors file) {
        Map<String, QuantizedTensor> matrices = new HashMap<>();
        List<NamedTensor> vectors = new ArrayList<>();
        for (GgufTensors.Entry entry : file.entries()) {
            GgmlType type = Llama.shared().type(entry.type());
            if (!type.dequantizes()) {
                throw new RefusedSpecException(
                        FIELD,
                        "has " + entry.name() + " of type " + type.name() + ", which llama.cpp cannot dequantize");
            }
            if (entry.shape().length == 2) {
                matrices.put(
                        entry.name(),
                        new QuantizedTensor(
                                type, entry.data(), entry.shape()[0], entry.shape()[1], entry.permutedHeads()));
            } else {
                vectors.add(vector(entry, type));
            }
        }
        return new QuantizedBase(file, new QuantizedWeights(matrices), vectors);
    }

    private static NamedTensor vector(GgufTensors.Entry entry, GgmlType type) {
        long elements = entry.shape()[0];
        MemorySegment values = Arena.ofAuto().allocate(elements * Float.BYTES, Float.BYTES);
        type.toFloat(entry.data(), values, elements);
        return new NamedTensor(entry.name(), entry.shape(), values);
    }

    public ModelShape shape() {
        return file.config().shape();
    }

    /** Quantized embedding, output projection and projections of the layers. */
    public QuantizedWeights matrices() {
        return matrices;
    }

    /** Norm weights and biases in float32. */
    public List<NamedTensor> vectors() {
        return vectors;
    }

    @Override
    public void close() {
        file.close();
    }
}
