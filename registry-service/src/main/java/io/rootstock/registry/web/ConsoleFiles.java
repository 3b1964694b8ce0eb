package io.rootstock.registry.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of the console, from the jar of the module {@code console}: {@code rootstock-console/files.txt} lists them. They
 * are kept in memory, as they are and compressed; they are few.
 */
final class ConsoleFiles {
    private static final String DIRECTORY = "rootstock-console/";
    private static final String COMPRESSED = ".gz";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "woff2", "font/woff2",
            "json", "application/json",
            "txt", "text/plain; charset=utf-8");

    private final Map<String, ConsoleFile> files;

    private ConsoleFiles(Map<String, ConsoleFile> files) {
        this.files = Map.copyOf(files);
    }

    /**
     * A file of the console.
     *
     * @param content its bytes
     * @param compressed the bytes compressed by gzip; empty: not compressed
     * @param type content type
     * @param etag quoted entity tag
     */
    record ConsoleFile(Buffer content, Optional<Buffer> compressed, String type, String etag) {}

    /** Reads the files of the class path; none if it does not have the console. */
    static ConsoleFiles read() {
        try {
            Optional<byte[]> list = content("files.txt");
            Map<String, ConsoleFile> files = new HashMap<>();
            for (String path : list.map(bytes ->
                            new String(bytes, StandardCharsets.UTF_8).lines().toList())
                    .orElse(List.of())) {
                if (path.endsWith(COMPRESSED)) {
                    continue;
                }
                byte[] bytes = content(path).orElseThrow(() -> new IOException("the console lacks its file " + path));
                files.put(
                        path,
                        new ConsoleFile(
                                Buffer.buffer(bytes),
                                content(path + COMPRESSED).map(Buffer::buffer),
                                TYPES.getOrDefault(
                                        path.substring(path.lastIndexOf('.') + 1), "application/octet-stream"),
                                '"' + hash(bytes) + '"'));
            }
            return new ConsoleFiles(files);
        } catch (IOException e) {
            throw new UncheckedIOException("the files of the console cannot be read", e);
        }
    }

    /** @param path relative, such as {@code assets/index-1a2b.js} */
    Optional<ConsoleFile> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    private static Optional<byte[]> content(String path) throws IOException {
        try (InputStream in = ConsoleFiles.class.getClassLoader().getResourceAsStream(DIRECTORY + path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
