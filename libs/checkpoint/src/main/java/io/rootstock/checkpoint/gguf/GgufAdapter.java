package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes adapters as the GGUF file that llama.cpp loads with the base. As in {@link Gguf} the rows of query and key
 * matrices are permuted; in an adapter these are the rows of B.
 */
public final class GgufAdapter {
    static final String FIRST = ".lora_a";
    static final String SECOND = ".lora_b";

    private GgufAdapter() {}

    /** Writes adapters trained on float base weights. */
    public static void write(Path file, ModelShape model, PeftAdapter adapter, String name) throws IOException {
        write(file, model, adapter, name, Optional.empty());
    }

    /**
     * Writes the adapters; the file appears complete or not at all. {@link ClassifierHead} writes a classifier's
     * {@code score.weight}.
     *
     * @param model shape of the model with the adapters, a classifier if they have {@code score.weight}
     * @param name value of {@code general.name}
     * @param base digest of the GGUF file with the base weights of the training; empty: float base weights
     * @throws IllegalArgumentException if the adapters do not match the shape
     */
    public static void write(Path file, ModelShape model, PeftAdapter adapter, String name, Optional<String> base)
            throws IOException {
        GgufWriter writer = new GgufWriter()
                .text("general.architecture", model.family().architecture())
                .text("general.type", "adapter")
                .text("general.name", name)
                .text("adapter.type", "lora")
                // llama.cpp divides by the rank, also for rank-stabilized adapters.
                .real("adapter.lora.alpha", (float) (adapter.scale() * adapter.rank()));
        base.ifPresent(
                digest -> writer.unsigned("general.base_model.count", 1).text("general.base_model.0.name", digest));
        for (NamedTensor tensor : adapter.inOrder(model)) {
            if (tensor.name().equals(LlamaTensors.SCORE)) {
                continue;
            }
            boolean first = tensor.name().endsWith(".lora_A.weight");
            String matrix = tensor.name().replaceAll("\\.lora_[AB]\\.", ".");
            int permutedHeads = first ? 0 : Gguf.permutedHeads(matrix, model);
            writer.tensor(
                    GgufNames.of(matrix) + (first ? FIRST : SECOND),
                    tensor.shape(),
                    GgufType.F32,
                    Gguf.data(tensor, permutedHeads));
        }
        writer.write(file);
    }
}
