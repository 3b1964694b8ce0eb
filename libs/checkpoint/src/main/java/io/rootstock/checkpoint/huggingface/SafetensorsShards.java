package io.rootstock.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.StreamedTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Weights of a model: {@code model.safetensors}, or the files listed in {@code model.safetensors.index.json}. Tensors
 * are valid until it is closed.
 */
public final class SafetensorsShards implements AutoCloseable {
    static final String WHOLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** File name without a path, so that it stays in the directory. */
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors");

    private final List<Safetensors> files;

    private SafetensorsShards(List<Safetensors> files) {
        this.files = List.copyOf(files);
    }

    /** Opens the files and checks that they hold the tensors listed in the index. */
    static SafetensorsShards open(Path directory) throws IOException {
        Path whole = directory.resolve(WHOLE);
        if (Files.isRegularFile(whole)) {
            return new SafetensorsShards(List.of(Safetensors.open(whole)));
        }
        Path index = directory.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new InvalidCheckpointException("file not found: " + whole + " or " + INDEX + " beside it");
        }
        JsonNode map = Json.readObject(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new InvalidCheckpointException(index + " has no weight_map");
        }
        Set<String> names = new LinkedHashSet<>();
        map.properties().forEach(entry -> names.add(entry.getValue().asText()));
        List<Safetensors> files = new ArrayList<>();
        try {
            Set<String> found = new HashSet<>();
            for (String name : names) {
                Safetensors file = Safetensors.open(shard(directory, index, name));
                files.add(file);
                for (String tensor : file.names()) {
                    if (!map.path(tensor).asText().equals(name)) {
                        throw new InvalidCheckpointException(
                                index + " does not say that " + name + " holds the tensor " + tensor);
                    }
                    found.add(tensor);
                }
            }
            map.fieldNames().forEachRemaining(tensor -> {
                if (!found.contains(tensor)) {
                    throw new InvalidCheckpointException(index + " says that "
                            + map.path(tensor).asText() + " holds the tensor " + tensor + ", but it does not");
                }
            });
            return new SafetensorsShards(files);
        } catch (IOException | RuntimeException e) {
            files.forEach(Safetensors::close);
            throw e;
        }
    }

    private static Path shard(Path directory, Path index, String name) {
        if (!SHARD.matcher(name).matches()) {
            throw new InvalidCheckpointException(
                    index + " names the file '" + name + "'; it must be a .safetensors file of the same directory");
        }
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new InvalidCheckpointException("file not found: " + file + ", listed in " + INDEX);
        }
        return file;
    }

    /** Returns all tensors, file by file. */
    public List<NamedTensor> tensors() {
        return files.stream().flatMap(file -> file.tensors().stream()).toList();
    }

    /** Returns all tensors, converted to float32 in chunks while they are written. */
    List<StreamedTensor> streamed() {
        return files.stream().flatMap(file -> file.streamed().stream()).toList();
    }

    /** Returns one tensor. */
    public NamedTensor tensor(String name) {
        return files.stream()
                .filter(file -> file.names().contains(name))
                .findFirst()
                .orElseThrow(() -> new InvalidCheckpointException("the weights have no tensor " + name))
                .tensor(name);
    }

    @Override
    public void close() {
        files.forEach(Safetensors::close);
    }
}
