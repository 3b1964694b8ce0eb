package io.rootstock.registry.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Encrypts the token of a session for its cookie (AES-256-GCM, with a key derived from the installation's token by HKDF), so
 * that the cookie is of no use elsewhere, and all registries of an installation read it.
 */
final class SessionSeal {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;
    private static final byte[] PURPOSE = "rootstock console session 1".getBytes(StandardCharsets.UTF_8);

    private final SecretKey key;
    private final SecureRandom random;

    /**
     * A session.
     *
     * @param token access token of its user
     * @param expiry end of the session, in seconds
     */
    record Session(String token, Instant expiry) {}

    /** @param secret the installation's token */
    SessionSeal(String secret, SecureRandom random) {
        this.random = random;
        try {
            key = KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "AES",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(secret.getBytes(StandardCharsets.UTF_8))
                                    .thenExpand(PURPOSE, KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF is unavailable in this JDK", e);
        }
    }

    /** Returns the encrypted session, in the characters of a cookie. */
    String seal(Session session) {
        byte[] token = session.token().getBytes(StandardCharsets.UTF_8);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] plain = ByteBuffer.allocate(Long.BYTES + token.length)
                .putLong(session.expiry().getEpochSecond())
                .put(token)
                .array();
        byte[] encrypted = apply(Cipher.ENCRYPT_MODE, nonce, plain)
                .orElseThrow(() -> new IllegalStateException("AES-GCM is unavailable in this JDK"));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(nonce.length + encrypted.length)
                        .put(nonce)
                        .put(encrypted)
                        .array());
    }

    /** Returns the session of a cookie; empty if it was not sealed with this key, was changed, or has ended. */
    Optional<Session> open(String cookie, Instant now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cookie);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length < NONCE_BYTES + Long.BYTES + TAG_BITS / Byte.SIZE) {
            return Optional.empty();
        }
        return apply(
                        Cipher.DECRYPT_MODE,
                        Arrays.copyOf(bytes, NONCE_BYTES),
                        Arrays.copyOfRange(bytes, NONCE_BYTES, bytes.length))
                .map(SessionSeal::session)
                .filter(session -> now.isBefore(session.expiry()));
    }

    private static Session session(byte[] plain) {
        ByteBuffer buffer = ByteBuffer.wrap(plain);
        Instant expiry = Instant.ofEpochSecond(buffer.getLong());
        return new Session(StandardCharsets.UTF_8.decode(buffer).toString(), expiry);
    }

    private Optional<byte[]> apply(int mode, byte[] nonce, byte[] bytes) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            return Optional.of(cipher.doFinal(bytes));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
