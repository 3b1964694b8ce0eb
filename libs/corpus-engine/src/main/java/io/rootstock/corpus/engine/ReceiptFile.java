package io.rootstock.corpus.engine;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.corpus.engine.Receipt.OutputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The receipt of one task in the workspace: JSON and, on a last line, the digest of the receipt. A receipt that is
 * damaged, has another key, or whose files are missing or altered counts as absent: the task runs again.
 */
final class ReceiptFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();
    private static final int BUFFER = 1 << 18;

    private final Path workspace;
    private final Path file;

    ReceiptFile(Path workspace, String stage, int index) {
        this.workspace = workspace;
        this.file = directory(workspace, stage).resolve("%06d.json".formatted(index));
    }

    /** Directory of the receipts of a stage. */
    static Path directory(Path workspace, String stage) {
        return workspace.resolve("receipts").resolve(stage);
    }

    Optional<Receipt> read(String key) throws IOException {
        Receipt receipt;
        try {
            String text = Files.readString(file);
            int end = text.indexOf('\n');
            if (end < 0) {
                return Optional.empty();
            }
            receipt = JSON.readValue(text.substring(0, end), Receipt.class);
            if (!text.substring(end + 1).equals(receipt.checksum() + "\n")) {
                return Optional.empty();
            }
        } catch (NoSuchFileException | CharacterCodingException | JacksonException e) {
            return Optional.empty();
        }
        return receipt.key().equals(key) && filesAreWhole(receipt) ? Optional.of(receipt) : Optional.empty();
    }

    Receipt write(Receipt receipt) throws IOException {
        String text = JSON.writeValueAsString(receipt) + "\n" + receipt.checksum() + "\n";
        WholeFile.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
        return receipt;
    }

    private boolean filesAreWhole(Receipt receipt) throws IOException {
        for (OutputFile output : receipt.files()) {
            Path path = workspace.resolve(output.path());
            if (!Files.isRegularFile(path)
                    || Files.size(path) != output.bytes()
                    || !digest(path).equals(output.digest())) {
                return false;
            }
        }
        return true;
    }

    private static String digest(Path path) throws IOException {
        MessageDigest hash = Sha256.create();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(path)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        }
        return Sha256.format(hash.digest());
    }
}
