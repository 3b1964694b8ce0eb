package io.rootstock.corpus.duplicate;

import io.rootstock.corpus.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** Computes exact keys. An instance has a hash function of its own and is used by one thread. */
public final class ExactKeys {
    private final MessageDigest sha256;

    public ExactKeys() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns the key of a text: two documents have one key if and only if their bytes are equal. */
    public ExactKey content(Text text) {
        return bytes(text.utf8(), 0, text.length());
    }

    /** Returns the key of the normal form of an address ({@link UrlKey}); empty if it is not an address of the web. */
    public Optional<ExactKey> url(String url) {
        return UrlKey.of(url).map(key -> {
            byte[] utf8 = key.normal().getBytes(StandardCharsets.UTF_8);
            return bytes(utf8, 0, utf8.length);
        });
    }

    /** Returns the key of a range of bytes. */
    public ExactKey bytes(byte[] utf8, int from, int length) {
        sha256.update(utf8, from, length);
        ByteBuffer hash = ByteBuffer.wrap(sha256.digest());
        return new ExactKey(hash.getLong(), hash.getLong());
    }
}
