package io.rootstock.registry.webhook;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Key of a webhook's signatures. {@link #toString} does not contain it.
 *
 * @param text {@code whsec_{base64}}
 */
public record Secret(String text) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;

    /** Creates a random secret. */
    static Secret generate() {
        byte[] key = new byte[BYTES];
        RANDOM.nextBytes(key);
        return new Secret(PREFIX + Base64.getEncoder().encodeToString(key));
    }

    /** Returns the key of the HMAC. */
    byte[] key() {
        return Base64.getDecoder().decode(text.substring(PREFIX.length()));
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
