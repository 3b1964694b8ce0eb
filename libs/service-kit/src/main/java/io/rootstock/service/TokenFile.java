package io.rootstock.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;

/**
 * The shared token, the first line of a file. The file may be replaced while services run: the next call uses the new
 * token. An unreadable file or a file without a token is an error at the start; later, the last token stays valid.
 */
final class TokenFile {
    private static final int MINIMUM_CHARACTERS = 16;

    private final Path file;
    private volatile Token token;

    private record Token(String value, FileTime modified) {}

    TokenFile(Path file) {
        this.file = file;
        try {
            this.token = read();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot read the token file " + file + " (rootstock.auth.token-file): " + e, e);
        }
    }

    String current() {
        try {
            if (!Files.getLastModifiedTime(file).equals(token.modified())) {
                token = read();
            }
        } catch (IOException | IllegalStateException e) {
            // The file is being replaced or was deleted: the last token stays valid.
        }
        return token.value();
    }

    /** Compares in constant time. */
    boolean matches(String candidate) {
        return MessageDigest.isEqual(
                candidate.getBytes(StandardCharsets.UTF_8), current().getBytes(StandardCharsets.UTF_8));
    }

    private Token read() throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        String value = Files.readString(file).strip();
        if (value.length() < MINIMUM_CHARACTERS || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalStateException(
                    "the token file " + file + " (rootstock.auth.token-file) must hold one line of" + " at least "
                            + MINIMUM_CHARACTERS + " visible ASCII characters");
        }
        return new Token(value, modified);
    }
}
