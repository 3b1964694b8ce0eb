package io.rootstock.trainer.data;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Base models with random weights. */
public final class Bases {
    private static final ModelConfig CONFIG =
            config(new ModelShape(ByteTokenizer.VOCABULARY, 32, 1, 2, 1, 64, 64, 1e-5, 10_000, true, 0));

    private Bases() {}

    /** A base with random weights, large enough for adapters to reduce the loss. */
    public static Digest random(ArtifactStore store) throws IOException {
        return base(store, -1, 0.2f);
    }

    /** An F32 GGUF file of a model whose rows, 40 and 72 values, are not a multiple of a block. */
    public static Digest oddWidths(ArtifactStore store) throws IOException {
        return gguf(
                store, config(new ModelShape(ByteTokenizer.VOCABULARY, 40, 1, 2, 1, 72, 64, 1e-5, 10_000, false, 0)));
    }

    /** An F32 GGUF file of a model with random weights. */
    public static Digest gguf(ArtifactStore store) throws IOException {
        return gguf(store, CONFIG);
    }

    /**
     * Shapes whose row lengths are multiples of the block sizes of all quantizations: a tied llama model and an untied
     * qwen2 model, by family.
     */
    public static Map<String, ModelConfig> blockWide() {
        return Map.of("llama", blockWide(ModelFamily.LLAMA, true), "qwen2", blockWide(ModelFamily.QWEN2, false));
    }

    private static ModelConfig blockWide(ModelFamily family, boolean tied) {
        return config(new ModelShape(ByteTokenizer.VOCABULARY, 256, 2, 4, 2, 512, 64, 1e-5, 10_000, tied, 0)
                .withFamily(family));
    }

    private static ModelConfig config(ModelShape shape) {
        return new ModelConfig(shape, ByteTokenizer.BEGIN, ByteTokenizer.END);
    }

    /** An F32 GGUF file of a model of this shape with random weights. */
    public static Digest gguf(ArtifactStore store, ModelConfig config) throws IOException {
        try (TemporaryFolder work = TemporaryFolder.create()) {
            Path tokenizer = store.materialize(ByteTokenizer.store(store), work.resolve("tokenizer"));
            Path file = work.resolve("model.gguf");
            Gguf.writeLlama(file, config, tensors(config.shape(), -1, 0.2f), TokenizerFiles.read(tokenizer), "random");
            return store.putFile(file);
        }
    }

    /** A base with NaN in the embedding of one token, as after diverged training. */
    public static Digest withBrokenToken(ArtifactStore store, int token) throws IOException {
        return base(store, token, 0.02f);
    }

    /**
     * A directory of a Qwen2 model with random weights, with biases, more embedding rows than tokens, wider heads and
     * scaled RoPE frequencies.
     */
    public static Path qwen2(ArtifactStore store, Path directory) throws IOException {
        ModelConfig config = config(new ModelShape(
                ByteTokenizer.VOCABULARY + 3,
                32,
                1,
                2,
                1,
                24,
                64,
                64,
                1e-6,
                10_000,
                true,
                0,
                ModelFamily.QWEN2,
                new RopeScaling.Linear(2)));
        try (TemporaryFolder work = TemporaryFolder.create()) {
            Path tokenizer = store.materialize(ByteTokenizer.store(store), work.resolve("tokenizer"));
            HuggingFaceDirectory.write(directory, config, tensors(config.shape(), -1, 0.2f), tokenizer, List.of());
            return directory;
        }
    }

    private static Digest base(ArtifactStore store, int token, float deviation) throws IOException {
        return huggingFace(store, CONFIG, token, deviation);
    }

    /** A base of this shape with random weights. */
    public static Digest huggingFace(ArtifactStore store, ModelConfig config) throws IOException {
        return huggingFace(store, config, -1, 0.2f);
    }

    private static Digest huggingFace(ArtifactStore store, ModelConfig config, int token, float deviation)
            throws IOException {
        try (TemporaryFolder work = TemporaryFolder.create()) {
            Path tokenizer = store.materialize(ByteTokenizer.store(store), work.resolve("tokenizer"));
            HuggingFaceDirectory.write(
                    work.resolve("model"), config, tensors(config.shape(), token, deviation), tokenizer, List.of());
            return store.putDirectory(work.resolve("model"));
        }
    }

    private static List<NamedTensor> tensors(ModelShape model, int token, float deviation) {
        Random random = new Random(1);
        List<NamedTensor> tensors = new ArrayList<>();
        for (Map.Entry<String, long[]> expected : LlamaTensors.expected(model).entrySet()) {
            long elements = 1;
            for (long size : expected.getValue()) {
                elements *= size;
            }
            float[] values = new float[(int) elements];
            for (int i = 0; i < values.length; i++) {
                boolean broken = expected.getKey().equals(LlamaTensors.EMBEDDING) && i / model.dimension() == token;
                values[i] = broken ? Float.NaN : (float) random.nextGaussian() * deviation;
            }
            tensors.add(NamedTensor.of(expected.getKey(), values, expected.getValue()));
        }
        return tensors;
    }
}
