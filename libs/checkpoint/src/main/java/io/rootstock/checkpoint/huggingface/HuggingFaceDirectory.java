package io.rootstock.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.StreamedTensor;
import io.rootstock.checkpoint.tokenizer.TokenizerExport;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.files.AtomicDirectory;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model in Hugging Face's format: {@code config.json}, {@code generation_config.json} (language models),
 * {@code model.safetensors} (also read in shards), {@code tokenizer.json}, {@code tokenizer_config.json}. Close it
 * after the last use of the tensors.
 *
 * @param config configuration of the model
 * @param labels class names of a classifier, in the order of the rows of {@code score.weight}; empty: a language model
 * @param weights open weights, complete and with valid shapes
 * @param directory path of the directory, which also has the tokenizer's files
 */
public record HuggingFaceDirectory(ModelConfig config, List<String> labels, SafetensorsShards weights, Path directory)
        implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String GENERATION = "generation_config.json";

    public HuggingFaceDirectory {
        labels = List.copyOf(labels);
    }

    /**
     * Calls {@link #write(Path, ModelConfig, List, Path, List, int, Optional)} without an imported
     * generation_config.json.
     */
    public static void write(
            Path directory, ModelConfig config, List<NamedTensor> tensors, Path tokenizerDirectory, List<String> labels)
            throws IOException {
        write(
                directory,
                config,
                tensors,
                tokenizerDirectory,
                labels,
                config.shape().contextLength(),
                Optional.empty());
    }

    /**
     * Writes a model; the directory must not exist, and appears complete or not at all.
     *
     * @param tokenizerDirectory directory of its {@link TokenizerFiles}
     * @param labels names of the classes of a classifier; empty for a language model
     * @param maxTokens maximum length of a classifier's text, special tokens included
     * @param generation {@code generation_config.json} of an imported model, copied byte for byte; empty: generated
     *     from the ids
     * @throws IllegalArgumentException if the tensors do not match the configuration
     */
    public static void write(
            Path directory,
            ModelConfig config,
            List<NamedTensor> tensors,
            Path tokenizerDirectory,
            List<String> labels,
            int maxTokens,
            Optional<Path> generation)
            throws IOException {
        stream(directory, config, StreamedTensor.of(tensors), tokenizerDirectory, labels, maxTokens, generation);
    }

    /** As {@link #write}, for tensors that are produced while they are written. */
    public static void stream(
            Path directory,
            ModelConfig config,
            List<StreamedTensor> tensors,
            Path tokenizerDirectory,
            List<String> labels,
            int maxTokens,
            Optional<Path> generation)
            throws IOException {
        ModelShape model = config.shape();
        TokenizerFiles tokenizer = TokenizerFiles.read(tokenizerDirectory);
        requireSameVocabulary(model, tokenizer);
        if (labels.size() != model.classes()) {
            throw new IllegalArgumentException(
                    "the model has " + model.classes() + " classes and " + labels.size() + " labels");
        }
        List<StreamedTensor> ordered = List.copyOf(
                LlamaTensors.inOrder(LlamaTensors.expected(model), tensors).values());
        AtomicDirectory.write(directory, partial -> {
            boolean classifier = !labels.isEmpty();
            TokenizerExport.write(
                    tokenizerDirectory, partial, classifier, classifier ? maxTokens : model.contextLength());
            int padId = TokenizerFiles.read(partial).rule().padId();
            Json.write(partial.resolve(CONFIG), new HuggingFaceConfig(config, labels).toJson(padId));
            if (!classifier) {
                if (generation.isPresent()) {
                    AtomicFile.write(partial.resolve(GENERATION), Files.readAllBytes(generation.get()));
                } else {
                    Json.write(partial.resolve(GENERATION), generation(config, tokenizer));
                }
            }
            Safetensors.stream(partial.resolve(SafetensorsShards.WHOLE), ordered, Map.of("format", "pt"));
        });
    }

    /**
     * Copies a model with its weights converted to float32 in chunks. The copy must not exist, and appears complete or
     * not at all.
     *
     * @throws InvalidCheckpointException if a file is missing, damaged or not supported, or a weight is NaN or infinite
     */
    public static void copyAsFloat32(Path directory, Path copy) throws IOException {
        HuggingFaceConfig json = HuggingFaceConfig.read(directory.resolve(CONFIG));
        requireSameVocabulary(json.config().shape(), TokenizerFiles.read(directory));
        try (SafetensorsShards weights = SafetensorsShards.open(directory)) {
            stream(
                    copy,
                    json.config(),
                    weights.streamed().stream().map(StreamedTensor::finite).toList(),
                    directory,
                    json.labels(),
                    json.config().shape().contextLength(),
                    generation(directory));
        } catch (IllegalArgumentException e) {
            throw new InvalidCheckpointException(
                    "the weights in " + directory + " do not fit their config.json: " + e.getMessage(), e);
        }
    }

    /**
     * Opens a model and checks that every tensor exists with its shape.
     *
     * @throws InvalidCheckpointException if a file is missing, damaged or not supported
     */
    public static HuggingFaceDirectory read(Path directory) throws IOException {
        HuggingFaceConfig json = HuggingFaceConfig.read(directory.resolve(CONFIG));
        requireSameVocabulary(json.config().shape(), TokenizerFiles.read(directory));
        SafetensorsShards weights = SafetensorsShards.open(directory);
        try {
            LlamaTensors.inOrder(json.config().shape(), weights.tensors());
            return new HuggingFaceDirectory(json.config(), json.labels(), weights, directory);
        } catch (IllegalArgumentException e) {
            weights.close();
            throw new InvalidCheckpointException(
                    "the weights in " + directory + " do not fit their config.json: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /**
     * Reads the configuration of a model from its {@code config.json} alone.
     *
     * @throws InvalidCheckpointException if the file is damaged or not supported
     */
    public static ModelConfig readConfig(Path configFile) throws IOException {
        return HuggingFaceConfig.read(configFile).config();
    }

    /** Returns the tensors in the order of the forward pass. */
    public List<NamedTensor> tensors() {
        return List.copyOf(
                LlamaTensors.inOrder(config.shape(), weights.tensors()).values());
    }

    @Override
    public void close() {
        weights.close();
    }

    /** Finds the file {@code generation_config.json} in a model's directory. */
    public static Optional<Path> generation(Path directory) {
        return Optional.of(directory.resolve(GENERATION)).filter(Files::isRegularFile);
    }

    private static ObjectNode generation(ModelConfig config, TokenizerFiles tokenizer) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        config.bosId().ifPresent(id -> json.put("bos_token_id", id));
        HuggingFaceConfig.putIds(
                json,
                "eos_token_id",
                Stream.concat(config.eosIds().stream(), tokenizer.rule().endOfGenerationIds().stream())
                        .distinct()
                        .toList());
        json.put("pad_token_id", tokenizer.rule().padId());
        return json;
    }

    private static void requireSameVocabulary(ModelShape model, TokenizerFiles tokenizer) {
        // Some embeddings are padded to more rows than tokens.
        if (model.vocabularySize() < tokenizer.vocabularySize()) {
            throw new InvalidCheckpointException("the model has " + model.vocabularySize()
                    + " tokens and its tokenizer " + tokenizer.vocabularySize());
        }
    }
}
