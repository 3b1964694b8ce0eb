package io.rootstock.trainer.data;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.trainer.engine.model.AttentionVariant;
import io.rootstock.trainer.engine.model.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/** Base models with random weights. */
public final class Bases {
    private static final LlamaConfig CONFIG = new LlamaConfig(
            ByteTokenizer.VOCABULARY,
            32,
            1,
            2,
            1,
            16,
            64,
            64,
            1e-5,
            10_000,
            true,
            ByteTokenizer.BEGIN,
            ByteTokenizer.END);

    private Bases() {}

    /** A base with random weights, large enough for adapters to reduce the loss. */
    public static Digest random(ArtifactStore store) throws IOException {
        return base(store, -1, 0.2f);
    }

    /** An F32 GGUF file of a model whose rows, 40 and 72 values, are not a multiple of a block. */
    public static Digest oddWidths(ArtifactStore store) throws IOException {
        LlamaConfig odd = new LlamaConfig(
                ByteTokenizer.VOCABULARY,
                40,
                1,
                2,
                1,
                20,
                72,
                64,
                1e-5,
                10_000,
                false,
                ByteTokenizer.BEGIN,
                ByteTokenizer.END);
        return gguf(store, odd);
    }

    /** An F32 GGUF file of a model with random weights. */
    public static Digest gguf(ArtifactStore store) throws IOException {
        return gguf(store, CONFIG);
    }

    /**
     * Shapes whose row lengths are multiples of the block sizes of all quantizations: a tied llama model and an untied
     * qwen2 model, by family.
     */
    public static Map<String, LlamaConfig> blockWide() {
        return Map.of("llama", blockWide(ModelFamily.LLAMA, true), "qwen2", blockWide(ModelFamily.QWEN2, false));
    }

    private static LlamaConfig blockWide(ModelFamily family, boolean tied) {
        return new LlamaConfig(
                ByteTokenizer.VOCABULARY,
                256,
                2,
                4,
                2,
                64,
                512,
                64,
                1e-5,
                10_000,
                tied,
                OptionalInt.of(ByteTokenizer.BEGIN),
                List.of(ByteTokenizer.END),
                family,
                RopeScaling.NONE);
    }

    /** Converts a configuration to the engine's shape of a language model. */
    public static ModelShape shape(LlamaConfig config) {
        return new ModelShape(
                config.vocabularySize(),
                config.dimension(),
                config.layers(),
                config.heads(),
                config.keyValueHeads(),
                config.feedForward(),
                config.contextLength(),
                config.normEpsilon(),
                config.ropeTheta(),
                config.tiedEmbeddings(),
                0,
                new AttentionVariant(
                        config.headDimension(),
                        config.family().biases(),
                        config.family().headNorms(),
                        config.ropeScaling()));
    }

    /** An F32 GGUF file of a model of this shape with random weights. */
    public static Digest gguf(ArtifactStore store, LlamaConfig config) throws IOException {
        Path work = Files.createTempDirectory("gguf");
        Path tokenizer = store.materialize(ByteTokenizer.store(store), work.resolve("tokenizer"));
        Path file = work.resolve("model.gguf");
        Gguf.writeLlama(file, config, tensors(config, -1, 0.2f), TokenizerFiles.read(tokenizer), "random");
        return store.putFile(file);
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
        LlamaConfig config = new LlamaConfig(
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
                OptionalInt.of(ByteTokenizer.BEGIN),
                List.of(ByteTokenizer.END),
                ModelFamily.QWEN2,
                new RopeScaling.Linear(2));
        Path tokenizer = store.materialize(
                ByteTokenizer.store(store), Files.createTempDirectory("base").resolve("tokenizer"));
        HuggingFaceDirectory.write(directory, config, tensors(config, -1, 0.2f), tokenizer, List.of());
        return directory;
    }

    private static Digest base(ArtifactStore store, int token, float deviation) throws IOException {
        return huggingFace(store, CONFIG, token, deviation);
    }

    /** A base of this shape with random weights. */
    public static Digest huggingFace(ArtifactStore store, LlamaConfig config) throws IOException {
        return huggingFace(store, config, -1, 0.2f);
    }

    private static Digest huggingFace(ArtifactStore store, LlamaConfig config, int token, float deviation)
            throws IOException {
        Path work = Files.createTempDirectory("base");
        Path tokenizer = store.materialize(ByteTokenizer.store(store), work.resolve("tokenizer"));
        HuggingFaceDirectory.write(
                work.resolve("model"), config, tensors(config, token, deviation), tokenizer, List.of());
        return store.putDirectory(work.resolve("model"));
    }

    private static List<NamedTensor> tensors(LlamaConfig config, int token, float deviation) {
        Random random = new Random(1);
        List<NamedTensor> tensors = new ArrayList<>();
        for (Map.Entry<String, long[]> expected :
                LlamaTensors.expected(config, 0).entrySet()) {
            long elements = 1;
            for (long size : expected.getValue()) {
                elements *= size;
            }
            float[] values = new float[(int) elements];
            for (int i = 0; i < values.length; i++) {
                boolean broken = expected.getKey().equals(LlamaTensors.EMBEDDING) && i / config.dimension() == token;
                values[i] = broken ? Float.NaN : (float) random.nextGaussian() * deviation;
            }
            tensors.add(NamedTensor.of(expected.getKey(), values, expected.getValue()));
        }
        return tensors;
    }
}
