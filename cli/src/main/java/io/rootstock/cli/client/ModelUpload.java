package io.rootstock.cli.client;

import com.google.protobuf.ByteString;
import io.rootstock.cli.CliException;
import io.rootstock.trainer.v1.ImportModelRequest;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Streams the files of a Hugging Face directory to the trainer: what is small and may be refused first, then weights. */
public final class ModelUpload {
    private static final int CHUNK = 512 << 10;
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<String> NEEDED = List.of("config.json", "tokenizer.json", "tokenizer_config.json");
    private static final List<String> OPTIONAL = List.of("chat_template.jinja", "generation_config.json");

    private ModelUpload() {}

    /**
     * The files that are sent, in order.
     *
     * @throws CliException naming a file that is missing
     */
    public static List<Path> files(Path directory) {
        List<Path> files = new ArrayList<>();
        for (String name : NEEDED) {
            files.add(directory.resolve(name));
        }
        OPTIONAL.stream().map(directory::resolve).filter(Files::isRegularFile).forEach(files::add);
        if (Files.isRegularFile(directory.resolve(INDEX)) && !Files.isRegularFile(directory.resolve(WEIGHTS))) {
            files.add(directory.resolve(INDEX));
            files.addAll(shards(directory));
        } else {
            files.add(directory.resolve(WEIGHTS));
        }
        for (Path file : files) {
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new CliException(
                        "no readable file " + file,
                        "a model's directory has config.json, tokenizer.json, tokenizer_config.json and model.safetensors"
                                + " (or model.safetensors.index.json with its shards)");
            }
        }
        return files;
    }

    /**
     * Sends the files.
     *
     * @param sent told the bytes sent so far
     */
    public static ImportModelResponse send(Clients clients, List<Path> files, LongConsumer sent) {
        UploadCall<ImportModelRequest, ImportModelResponse> call = new UploadCall<>();
        clients.imports().importModel(call);
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
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().matches("model-.*\\.safetensors"))
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
