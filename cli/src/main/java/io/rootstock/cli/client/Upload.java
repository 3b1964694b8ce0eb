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

/** Uploads a file to the tokenizer service, with flow control. */
public final class Upload {
    private static final int CHUNK = 512 << 10;
    private static final List<String> EXTENSIONS = List.of(".txt", ".jsonl", ".json", ".csv", ".tsv");

    private Upload() {}

    /** Checks that the file is readable and its name has a supported extension. */
    public static void requireReadable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new CliException("cannot read " + file, "check the path");
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = name.replaceFirst("\\.(gz|zst)$", "");
        if (EXTENSIONS.stream().noneMatch(plain::endsWith)) {
            throw new CliException(
                    "unsupported file extension: " + file,
                    "supported extensions: .txt, .jsonl, .json, .csv, .tsv, each optionally followed by .gz or .zst");
        }
    }

    /**
     * Sends the file.
     *
     * @param sent called with the bytes sent so far
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
