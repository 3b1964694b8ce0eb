package io.rootstock.cli.client;

import com.google.protobuf.ByteString;
import io.rootstock.cli.error.CliException;
import io.rootstock.trainer.v1.ImportModelRequest;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.ImportOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Uploads a model or an adapter to the trainer service: a Hugging Face or PEFT directory, or a GGUF file with all its shards.
 * The small files of a directory are sent first, so that an unsupported model is rejected before its weights are sent.
 */
public final class ModelUpload {
    private static final int CHUNK = 512 << 10;
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String CARD = "README.md";
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String SENTENCE_PIECE = "tokenizer.model";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final List<String> ADAPTER_FILES = List.of("adapter_config.json", "adapter_model.safetensors");
    private static final String GGUF = ".gguf";
    private static final Pattern SHARD = Pattern.compile("(.*)-\\d{5}-of-(\\d{5})\\.gguf");
    private static final List<String> OPTIONAL_FILES = List.of("chat_template.jinja", "generation_config.json", CARD);

    private ModelUpload() {}

    /**
     * Returns the files to send, in order.
     *
     * @param model a Hugging Face directory, a GGUF file, or a directory with one GGUF model
     * @throws CliException if a file is missing
     */
    public static List<Path> files(Path model) {
        if (!Files.isDirectory(model)) {
            return gguf(model);
        }
        if (isPeft(model) && !Files.exists(model.resolve(CONFIG))) {
            throw new CliException(model + " is an adapter", "name the model that it was trained for: --base MODEL");
        }
        Optional<Path> single = singleGguf(model);
        return single.isPresent() ? gguf(single.get()) : directory(model);
    }

    /**
     * Returns the files of an adapter to send, in order.
     *
     * @param adapter a PEFT directory or a GGUF file
     * @throws CliException if a file is missing
     */
    public static List<Path> adapterFiles(Path adapter) {
        if (!Files.isDirectory(adapter)) {
            return gguf(adapter);
        }
        List<Path> files = ADAPTER_FILES.stream().map(adapter::resolve).toList();
        if (!files.stream().allMatch(Files::isReadable)) {
            throw new CliException(
                    adapter + " is not an adapter",
                    "a PEFT directory has adapter_config.json and adapter_model.safetensors; or use a GGUF file");
        }
        Path card = adapter.resolve(CARD);
        return Files.isReadable(card)
                ? Stream.concat(files.stream(), Stream.of(card)).toList()
                : files;
    }

    private static boolean isPeft(Path directory) {
        return Files.exists(directory.resolve(ADAPTER_FILES.getFirst()));
    }

    /** All shards of the GGUF model that {@code file} belongs to. */
    private static List<Path> gguf(Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(GGUF)) {
            throw new CliException(
                    file + " is neither a directory nor a GGUF file", "use a Hugging Face directory or a .gguf file");
        }
        List<Path> files = new ArrayList<>();
        Matcher shard = SHARD.matcher(name);
        if (shard.matches()) {
            int shards = Integer.parseInt(shard.group(2));
            for (int i = 1; i <= shards; i++) {
                files.add(file.resolveSibling(String.format("%s-%05d-of-%05d.gguf", shard.group(1), i, shards)));
            }
        } else {
            files.add(file);
        }
        for (Path each : files) {
            if (!Files.isRegularFile(each) || !Files.isReadable(each)) {
                throw new CliException(
                        "cannot read " + each,
                        files.size() == 1
                                ? "check the path"
                                : "a split GGUF model requires all " + files.size() + " shards");
            }
        }
        return files;
    }

    /** The first file of the single GGUF model of a directory; empty for a Hugging Face directory. */
    private static Optional<Path> singleGguf(Path directory) {
        if (Files.exists(directory.resolve(CONFIG))) {
            return Optional.empty();
        }
        List<Path> found = list(directory, name -> name.endsWith(GGUF));
        long models = found.stream()
                .map(file -> SHARD.matcher(file.getFileName().toString()).replaceFirst("$1-of-$2"))
                .distinct()
                .count();
        if (models > 1) {
            throw new CliException(
                    directory + " contains " + models + " GGUF models",
                    "use the path of one of them: " + found.getFirst());
        }
        return found.stream().findFirst();
    }

    private static List<Path> directory(Path directory) {
        List<Path> files = new ArrayList<>();
        files.add(directory.resolve(CONFIG));
        boolean sentencePiece = Files.isRegularFile(directory.resolve(SENTENCE_PIECE));
        if (!sentencePiece || Files.isRegularFile(directory.resolve(TOKENIZER))) {
            files.add(directory.resolve(TOKENIZER));
        }
        if (sentencePiece) {
            files.add(directory.resolve(SENTENCE_PIECE));
        }
        files.add(directory.resolve(TOKENIZER_CONFIG));
        OPTIONAL_FILES.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .forEach(files::add);
        if (Files.isRegularFile(directory.resolve(INDEX)) && !Files.isRegularFile(directory.resolve(WEIGHTS))) {
            files.add(directory.resolve(INDEX));
            files.addAll(shards(directory));
        } else {
            files.add(directory.resolve(WEIGHTS));
        }
        for (Path file : files) {
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new CliException(
                        "cannot read " + file,
                        "a model directory requires config.json, tokenizer.json or tokenizer.model,"
                                + " tokenizer_config.json and model.safetensors (or model.safetensors.index.json and its shards), or one GGUF file");
            }
        }
        return files;
    }

    /**
     * Sends the files and waits for the import.
     *
     * @param options options of the import
     * @param sent called with the bytes sent so far
     * @param stage called with the name of each import stage
     */
    public static ImportModelResponse send(
            Clients clients, List<Path> files, ImportOptions options, LongConsumer sent, Consumer<String> stage) {
        UploadCall<ImportModelRequest, ImportModelResponse> call = new UploadCall<>(response -> {
            boolean progress = !response.getStage().isEmpty();
            if (progress) {
                stage.accept(response.getStage());
            }
            return progress;
        });
        clients.imports().importModel(call);
        call.send(ImportModelRequest.newBuilder().setOptions(options).build());
        long total = 0;
        for (Path file : files) {
            try (InputStream input = Files.newInputStream(file)) {
                call.send(ImportModelRequest.newBuilder()
                        .setFileName(file.getFileName().toString())
                        .build());
                byte[] chunk = input.readNBytes(CHUNK);
                while (chunk.length > 0 && call.send(chunk(chunk))) {
                    total += chunk.length;
                    sent.accept(total);
                    chunk = input.readNBytes(CHUNK);
                }
            } catch (IOException failure) {
                call.cancel(failure);
                throw new CliException("cannot read " + file + ": " + failure.getMessage(), "check the file");
            }
        }
        return call.finish();
    }

    private static List<Path> shards(Path directory) {
        return list(directory, name -> name.matches("model-.*\\.safetensors"));
    }

    private static List<Path> list(Path directory, Predicate<String> names) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> names.test(file.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new CliException("cannot list " + directory + ": " + failure.getMessage(), "check the directory");
        }
    }

    private static ImportModelRequest chunk(byte[] bytes) {
        return ImportModelRequest.newBuilder()
                .setChunk(ByteString.copyFrom(bytes))
                .build();
    }
}
