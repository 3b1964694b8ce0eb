package io.rootstock.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A model as Hugging Face's libraries read it: {@code config.json}, {@code generation_config.json} (language models),
 * {@code model.safetensors} (read also in shards), {@code tokenizer.json}, {@code tokenizer_config.json}. Close it when the tensors are no
 * longer needed.
 *
 * @param config the model's shape
 * @param labels the classes of a classifier, in the order of the rows of {@code score.weight}; empty: a language model
 * @param weights the open weights, complete and of the right shapes
 * @param directory where it lies; the tokenizer's files are in it too
 */
public record HuggingFaceDirectory(LlamaConfig config, List<String> labels, SafetensorsShards weights, Path directory)
        implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String GENERATION = "generation_config.json";

    public HuggingFaceDirectory {
        labels = List.copyOf(labels);
    }

    /** As {@link #write(Path, LlamaConfig, List, Path, List, int, Optional)}, for a model that has no settings of its own. */
    public static void write(
            Path directory, LlamaConfig config, List<NamedTensor> tensors, Path tokenizerDirectory, List<String> labels)
            throws IOException {
        write(directory, config, tensors, tokenizerDirectory, labels, config.contextLength(), Optional.empty());
    }

    /**
     * Writes a model; the directory appears whole or not at all and must not exist before.
     *
     * @param tokenizerDirectory where its {@link TokenizerFiles} lie
     * @param labels the classes of a classifier; empty for a language model
     * @param maximumTokens longest text of a classifier, special tokens included
     * @param generation the {@code generation_config.json} that an imported model came with, kept byte for byte; empty:
     *     one is written from the ids
     * @throws IllegalArgumentException if the tensors are not those of such a model
     */
    public static void write(
            Path directory,
            LlamaConfig config,
            List<NamedTensor> tensors,
            Path tokenizerDirectory,
            List<String> labels,
            int maximumTokens,
            Optional<Path> generation)
            throws IOException {
        stream(directory, config, StreamedTensor.of(tensors), tokenizerDirectory, labels, maximumTokens, generation);
    }

    /** As {@link #write}, of tensors that are produced while they are written. */
    static void stream(
            Path directory,
            LlamaConfig config,
            List<StreamedTensor> tensors,
            Path tokenizerDirectory,
            List<String> labels,
            int maximumTokens,
            Optional<Path> generation)
            throws IOException {
        if (Files.exists(directory)) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        TokenizerFiles tokenizer = TokenizerFiles.read(tokenizerDirectory);
        requireSameVocabulary(config, tokenizer);
        List<StreamedTensor> ordered =
                List.copyOf(LlamaTensors.inOrder(LlamaTensors.expected(config, labels.size()), tensors)
                        .values());
        Path whole = directory.toAbsolutePath();
        Path partial = whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID());
        Files.createDirectories(partial);
        try {
            boolean classifier = !labels.isEmpty();
            TokenizerExport.write(
                    tokenizerDirectory, partial, classifier, classifier ? maximumTokens : config.contextLength());
            int padId = TokenizerFiles.read(partial).rule().padId();
            Json.write(partial.resolve(CONFIG), new HuggingFaceConfig(config, labels).toJson(padId));
            if (!classifier) {
                if (generation.isPresent()) {
                    copy(generation.get(), partial.resolve(GENERATION));
                } else {
                    Json.write(partial.resolve(GENERATION), generation(config, tokenizer));
                }
            }
            Safetensors.stream(partial.resolve(SafetensorsShards.WHOLE), ordered, Map.of("format", "pt"));
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.sync(whole.getParent());
        } finally {
            delete(partial);
        }
    }

    /**
     * Copies a model, its weights in float32. They are converted part by part. The copy appears whole or not at all and must
     * not exist before.
     *
     * @throws InvalidCheckpointException if something is missing, damaged or not supported, or a weight is a NaN or an
     *     infinity
     */
    public static void copyAsFloat32(Path directory, Path copy) throws IOException {
        HuggingFaceConfig config = HuggingFaceConfig.read(directory.resolve(CONFIG));
        requireSameVocabulary(config.model(), TokenizerFiles.read(directory));
        try (SafetensorsShards weights = SafetensorsShards.open(directory)) {
            stream(
                    copy,
                    config.model(),
                    weights.streamed().stream().map(StreamedTensor::finite).toList(),
                    directory,
                    config.labels(),
                    config.model().contextLength(),
                    generation(directory));
        } catch (IllegalArgumentException e) {
            throw new InvalidCheckpointException(
                    "the weights in " + directory + " do not fit their config.json: " + e.getMessage(), e);
        }
    }

    /**
     * Opens a model and checks that every tensor is there in its shape.
     *
     * @throws InvalidCheckpointException if something is missing, damaged or not supported
     */
    public static HuggingFaceDirectory read(Path directory) throws IOException {
        HuggingFaceConfig config = HuggingFaceConfig.read(directory.resolve(CONFIG));
        requireSameVocabulary(config.model(), TokenizerFiles.read(directory));
        SafetensorsShards weights = SafetensorsShards.open(directory);
        try {
            LlamaTensors.inOrder(config.model(), config.labels().size(), weights.tensors());
            return new HuggingFaceDirectory(config.model(), config.labels(), weights, directory);
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
     * The shape of a model, from its {@code config.json} alone.
     *
     * @throws InvalidCheckpointException if the file is damaged or not supported
     */
    public static LlamaConfig readConfig(Path configFile) throws IOException {
        return HuggingFaceConfig.read(configFile).model();
    }

    /** The tensors in the order of the forward pass. */
    public List<NamedTensor> tensors() {
        return List.copyOf(
                LlamaTensors.inOrder(config, labels.size(), weights.tensors()).values());
    }

    @Override
    public void close() {
        weights.close();
    }

    /** The file {@code generation_config.json} of a model's directory, if it has one. */
    public static Optional<Path> generation(Path directory) {
        return Optional.of(directory.resolve(GENERATION)).filter(Files::isRegularFile);
    }

    private static void copy(Path from, Path to) throws IOException {
        byte[] bytes = Files.readAllBytes(from);
        AtomicFile.write(to, channel -> AtomicFile.append(channel, ByteBuffer.wrap(bytes)));
    }

    private static ObjectNode generation(LlamaConfig config, TokenizerFiles tokenizer) {
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

    private static void requireSameVocabulary(LlamaConfig config, TokenizerFiles tokenizer) {
        // Some models have more rows than tokens, rounded up.
        if (config.vocabularySize() < tokenizer.vocabularySize()) {
            throw new InvalidCheckpointException("the model has " + config.vocabularySize()
                    + " tokens and its tokenizer " + tokenizer.vocabularySize());
        }
    }

    static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> walk = Files.walk(tree)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
