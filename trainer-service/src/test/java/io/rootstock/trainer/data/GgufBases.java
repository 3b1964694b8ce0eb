package io.rootstock.trainer.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * GGUF models with random weights like models from other sources: wide enough for every quantization, with or without
 * BOS.
 */
public final class GgufBases {
    private static final ModelConfig CONFIG = new ModelConfig(
            new ModelShape(ByteTokenizer.VOCABULARY, 256, 2, 4, 2, 512, 64, 1e-5, 10_000, true, 0),
            ByteTokenizer.BEGIN,
            ByteTokenizer.END);

    private GgufBases() {}

    /** The model's weights by Hugging Face name. */
    public static Map<String, NamedTensor> tensors() {
        Random random = new Random(3);
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        LlamaTensors.expected(CONFIG.shape()).forEach((name, shape) -> {
            long elements = 1;
            for (long size : shape) {
                elements *= size;
            }
            float[] values = new float[(int) elements];
            for (int i = 0; i < values.length; i++) {
                values[i] = shape.length == 1 ? 1 : (float) random.nextGaussian() * 0.1f;
            }
            tensors.put(name, NamedTensor.of(name, values, shape));
        });
        return tensors;
    }

    /**
     * Writes the model.
     *
     * @param quantization quantization of its matrices; empty: F32
     * @param addBos whether BOS is added to a text
     */
    public static Path write(ArtifactStore store, Path file, Optional<Quantization> quantization, boolean addBos)
            throws IOException {
        return write(store, file, quantization, addBos, tensors());
    }

    /** Writes the model with these weights. */
    public static Path write(
            ArtifactStore store,
            Path file,
            Optional<Quantization> quantization,
            boolean addBos,
            Map<String, NamedTensor> tensors)
            throws IOException {
        try (TemporaryFolder work = TemporaryFolder.create()) {
            Path stored = store.materialize(ByteTokenizer.store(store), work.resolve("stored"));
            Path tokenizer = Files.createDirectories(work.resolve("tokenizer"));
            for (String name : TokenizerFiles.names(stored)) {
                Files.copy(stored.resolve(name), tokenizer.resolve(name));
            }
            if (!addBos) {
                change(tokenizer.resolve(TokenizerFiles.TOKENIZER), json -> json.putNull("post_processor"));
                // Simulates a tokenizer from another source; tokenizers trained by Rootstock add BOS.
                change(
                        tokenizer.resolve(TokenizerFiles.CONFIGURATION),
                        json -> json.remove(TokenizerFiles.TRAINED_HERE));
            }
            Path exact = quantization.isPresent() ? work.resolve("exact.gguf") : file;
            Gguf.writeLlama(exact, CONFIG, new ArrayList<>(tensors.values()), TokenizerFiles.read(tokenizer), "other");
            quantization.ifPresent(to -> Llama.shared().quantize(exact, file, to, 1));
            return file;
        }
    }

    private static void change(Path file, Consumer<ObjectNode> change) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = (ObjectNode) json.readTree(file.toFile());
        change.accept(root);
        json.writeValue(file.toFile(), root);
    }

    /** llama.cpp's logits [V] after each token of a text. */
    public static List<float[]> logits(Path gguf, String text) {
        try (LlamaModel model = Llama.shared().load(gguf)) {
            return logits(model, model.tokenize(text, false));
        }
    }

    /** Generates tokens after a text with llama.cpp and greedy decoding. */
    public static List<Integer> greedy(Path gguf, String text, int count) {
        List<Integer> made = new ArrayList<>();
        try (LlamaModel model = Llama.shared().load(gguf)) {
            List<Integer> all = new ArrayList<>();
            for (int token : model.tokenize(text, false)) {
                all.add(token);
            }
            for (int i = 0; i < count; i++) {
                float[] last = logits(
                                model, all.stream().mapToInt(Integer::intValue).toArray())
                        .getLast();
                int best = 0;
                for (int id = 1; id < last.length; id++) {
                    best = last[id] > last[best] ? id : best;
                }
                all.add(best);
                made.add(best);
            }
        }
        return made;
    }

    private static List<float[]> logits(LlamaModel model, int[] tokens) {
        try (LlamaContext context = model.context(ContextOptions.generation(1, 64, 1, true));
                Batch batch = context.batch()) {
            for (int i = 0; i < tokens.length; i++) {
                batch.add(tokens[i], i, 0, true);
            }
            context.decode(batch);
            List<float[]> logits = new ArrayList<>();
            for (int i = 0; i < tokens.length; i++) {
                logits.add(context.logits(i));
            }
            return logits;
        }
    }
}
