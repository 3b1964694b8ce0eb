package io.rootstock.bench.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Digest of all files of a finished corpus job. */
final class OutputDigest {
    private OutputDigest() {}

    static String of(Path work) throws IOException {
        MessageDigest sha256 = sha256();
        List<Path> files = new ArrayList<>(
                List.of(work.resolve("corpus.json"), work.resolve("manifest.json"), work.resolve("report.json")));
        try (Stream<Path> outputs = Files.list(work.resolve("output"))) {
            outputs.sorted().forEach(files::add);
        }
        for (Path file : files) {
            sha256.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            sha256.update(sha256().digest(Files.readAllBytes(file)));
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
