package io.rootstock.checkpoint.huggingface;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.NamedTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Linear head of a classifier, served beside the GGUF file of its body: a safetensors file with the tensor
 * {@code score.weight}; labels and maximum length are in its metadata. The head reads the hidden state of the last
 * token after the final norm: {@code logits_C = weight_CD · hidden_D}.
 *
 * @param weight weights [C, D], row-major
 * @param labels names of the C classes, in the order of the rows
 * @param maxTokens maximum length of a text in tokens, special tokens included
 * @param withEos whether EOS follows every text: heads of format 1 were trained so (decision 0114)
 */
// The array is read directly for speed; heads are not compared.
@SuppressWarnings("ArrayRecordComponent")
public record ClassifierHead(float[] weight, List<String> labels, int maxTokens, boolean withEos) {
    private static final String FORMAT = "rootstock-classifier-head-2";
    private static final String FORMAT_WITH_EOS = "rootstock-classifier-head-1";

    public ClassifierHead {
        labels = List.copyOf(labels);
        if (labels.size() < 2 || new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException("a classifier needs at least two labels, each once: " + labels);
        }
        if (weight.length == 0 || weight.length % labels.size() != 0) {
            throw new IllegalArgumentException(weight.length + " weights do not fit " + labels.size() + " labels");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, was " + maxTokens);
        }
        for (float value : weight) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("a classifier head holds a NaN or an infinity");
            }
        }
    }

    /** C, the number of classes. */
    public int classes() {
        return labels.size();
    }

    /** D, the size of the hidden state. */
    public int dimension() {
        return weight.length / labels.size();
    }

    /** Returns the logits [C] of a hidden state [D]. */
    public float[] logits(float[] hidden) {
        if (hidden.length != dimension()) {
            throw new IllegalArgumentException(
                    "this head reads " + dimension() + " values and was given " + hidden.length);
        }
        float[] logits = new float[classes()];
        for (int label = 0; label < logits.length; label++) {
            float sum = 0;
            for (int i = 0; i < hidden.length; i++) {
                sum += weight[label * hidden.length + i] * hidden[i];
            }
            logits[label] = sum;
        }
        return logits;
    }

    /** Writes a head; the file appears complete or not at all. */
    public static void write(Path file, NamedTensor weight, List<String> labels, int maxTokens) throws IOException {
        ClassifierHead head = new ClassifierHead(weight.toArray(), labels, maxTokens, false);
        if (weight.shape().length != 2 || weight.shape()[0] != labels.size()) {
            throw new IllegalArgumentException("the weight of a classifier head is [" + labels.size() + ", D]");
        }
        Safetensors.write(
                file,
                List.of(new NamedTensor(LlamaTensors.SCORE, weight.shape(), weight.float32())),
                Map.of(
                        "format",
                        FORMAT,
                        "labels",
                        Json.MAPPER.writeValueAsString(head.labels()),
                        "maximum_tokens",
                        Integer.toString(maxTokens)));
    }

    /**
     * Reads a head.
     *
     * @throws InvalidCheckpointException if the file is damaged or not a classifier head
     */
    public static ClassifierHead read(Path file) throws IOException {
        // Confined: some native images do not support closing a shared arena.
        try (Safetensors tensors = Safetensors.open(file, Arena.ofConfined())) {
            Map<String, String> metadata = tensors.metadata();
            String format = metadata.getOrDefault("format", "");
            if (!format.equals(FORMAT) && !format.equals(FORMAT_WITH_EOS)) {
                throw new InvalidCheckpointException(file + " is not a classifier head");
            }
            NamedTensor weight = tensors.tensor(LlamaTensors.SCORE);
            List<String> labels =
                    Json.MAPPER.readValue(metadata.getOrDefault("labels", "[]"), new TypeReference<>() {});
            if (weight.shape().length != 2 || weight.shape()[0] != labels.size()) {
                throw new InvalidCheckpointException(file + " has a weight that does not fit its labels");
            }
            return new ClassifierHead(
                    weight.toArray(),
                    labels,
                    Integer.parseInt(metadata.getOrDefault("maximum_tokens", "0")),
                    format.equals(FORMAT_WITH_EOS));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new InvalidCheckpointException(file + " is a damaged classifier head: " + e.getMessage(), e);
        }
    }
}
