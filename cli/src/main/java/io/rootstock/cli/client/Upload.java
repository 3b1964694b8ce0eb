package io.rootstock.cli.client;

import com.google.protobuf.ByteString;
import io.rootstock.cli.error.CliException;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.SourceHeader;
import io.rootstock.tokenizer.v1.UploadSourceRequest;
import io.rootstock.tokenizer.v1.UploadSourceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;

/** CompletionStream a file to the tokenizer service, no faster than the service takes it. */
public final class Upload {
    private static final int CHUNK = 512 << 10;
    private static final List<String> FORMATS = List.of(".txt", ".jsonl", ".json", ".csv", ".tsv");

    private Upload() {}

    /** Throws where the file cannot be one of the formats that the service reads. */
    public static void requireReadable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new CliException("no readable file " + file, "check the path");
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = name.replaceFirst("\\.(gz|zst)$", "");
        if (FORMATS.stream().noneMatch(plain::endsWith)) {
            throw new CliException(
                    "the format of " + file + " is not known by its name",
                    "rename it to end in .txt, .jsonl, .json, .csv or .tsv (each also with .gz or .zst)");
        }
    }

    /**
     * Sends the file.
     *
     * @param sent told the bytes sent so far
     */
    public static Source send(Clients clients, Path file, LongConsumer sent) {
        requireReadable(file);
        UploadCall<UploadSourceRequest, UploadSourceResponse> observer = new UploadCall<>();
        clients.sources().uploadSource(observer);
        try (InputStream input = Files.newInputStream(file)) {
            observer.send(UploadSourceRequest.newBuilder()
                    .setHeader(SourceHeader.newBuilder()
                            .setFileName(file.getFileName().toString()))
                    .build());
            long total = 0;
            byte[] chunk = input.readNBytes(CHUNK);
            while (chunk.length > 0 && observer.send(chunk(chunk))) {
                total += chunk.length;
                sent.accept(total);
                chunk = input.readNBytes(CHUNK);
            }
            return observer.finish().getSource();
        } catch (IOException failure) {
            observer.cancel(failure);
            throw new CliException("cannot read " + file + ": " + failure.getMessage(), "check the file");
        }
    }

    private static UploadSourceRequest chunk(byte[] bytes) {
        return UploadSourceRequest.newBuilder()
                .setChunk(ByteString.copyFrom(bytes))
                .build();
    }
}
