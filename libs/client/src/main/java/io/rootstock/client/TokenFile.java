package io.rootstock.client;

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
public final class TokenFile {
    private static final int MINIMUM_CHARACTERS = 16;

    private final Path file;
    private volatile Token token;

    private record Token(String value, FileTime modified) {}

    /**
     * Reads the token.
     *
     * @throws IllegalArgumentException if the file cannot be read or has no token
     */
    public TokenFile(Path file) {
        this.file = file;
        try {
            this.token = read();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the token file " + file + ": " + e, e);
        }
    }

    /** Returns the current token. */
    public String current() {
        try {
            if (!Files.getLastModifiedTime(file).equals(token.modified())) {
                token = read();
            }
        } catch (IOException | IllegalArgumentException e) {
            // The file is being replaced or was deleted: the last token stays valid.
        }
        return token.value();
    }

    /** Whether this is the current token; compares in constant time. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(
                candidate.getBytes(StandardCharsets.UTF_8), current().getBytes(StandardCharsets.UTF_8));
    }

    private Token read() throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        String value = Files.readString(file).strip();
        if (value.length() < MINIMUM_CHARACTERS || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the token file " + file + " must hold one line of at least "
                    + MINIMUM_CHARACTERS + " visible ASCII characters");
        }
        return new Token(value, modified);
    }
}
