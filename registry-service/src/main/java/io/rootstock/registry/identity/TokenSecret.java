package io.rootstock.registry.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Secret of an access token, {@code rst_} and 32 random bytes in base64url. {@link #toString} does not contain it.
 *
 * @param text the secret
 */
record TokenSecret(String text) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PREFIX = "rst_";
    private static final int BYTES = 32;

    static TokenSecret generate() {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        return new TokenSecret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Whether a caller's token has the form of a secret. */
    static boolean isSecret(String token) {
        return token.startsWith(PREFIX);
    }

    /** Returns the SHA-256 of the secret. Its 256 random bits need no slow hash. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "TokenSecret[redacted]";
    }
}
