package io.rootstock.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.List;

/**
 * The shared token, the first line of a file. The file may be replaced while services run: the next call uses the new
 * token. Further lines are tokens that callers may still, or already, send: with them a token is replaced without refused
 * calls, although the files of several machines change at different times. An unreadable file or a file without a token is
 * an error at the start; later, the last tokens stay valid.
 */
public final class TokenFile {
    private static final int MIN_CHARACTERS = 16;
    private static final int MAX_LINES = 4;

    private final Path file;
    private volatile Tokens tokens;

    private record Tokens(List<String> values, FileTime modified) {}

    /**
     * Reads the token.
     *
     * @throws IllegalArgumentException if the file cannot be read or has no token
     */
    public TokenFile(Path file) {
        this.file = file;
        try {
            this.tokens = read();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the token file " + file + ": " + e, e);
        }
    }

    /** Returns the current token. */
    public String current() {
        return values().getFirst();
    }

    /** Whether this is one of the tokens; compares in constant time. */
    public boolean matches(String candidate) {
        byte[] bytes = candidate.getBytes(StandardCharsets.UTF_8);
        boolean matches = false;
        for (String value : values()) {
            matches |= MessageDigest.isEqual(bytes, value.getBytes(StandardCharsets.UTF_8));
        }
        return matches;
    }

    private List<String> values() {
        try {
            if (!Files.getLastModifiedTime(file).equals(tokens.modified())) {
                tokens = read();
            }
        } catch (IOException | IllegalArgumentException e) {
            // The file is being replaced or was deleted: the last tokens stay valid.
        }
        return tokens.values();
    }

    private Tokens read() throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        List<String> values = Files.readString(file).strip().lines().toList();
        if (values.isEmpty() || values.size() > MAX_LINES || !values.stream().allMatch(TokenFile::isToken)) {
            throw new IllegalArgumentException("the token file " + file + " must hold 1 to " + MAX_LINES
                    + " lines of at least " + MIN_CHARACTERS + " visible ASCII characters");
        }
        return new Tokens(values, modified);
    }

    private static boolean isToken(String line) {
        return line.length() >= MIN_CHARACTERS && line.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
