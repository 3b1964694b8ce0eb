package io.rootstock.registry.identity;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** Tokens that a provider would not issue, and tokens while it does not run. */
final class Jwts {
    private Jwts() {}

    /** Claims of a valid token for the user {@code alice}. */
    static Map<String, Object> claims(String issuer, String audience) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("aud", audience);
        claims.put("sub", "alice");
        claims.put("iat", Instant.now().getEpochSecond());
        claims.put("exp", Instant.now().getEpochSecond() + 600);
        claims.put("jti", UUID.randomUUID().toString());
        return claims;
    }

    static String signed(RsaJsonWebKey key, Map<String, Object> claims) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmHeaderValue("RS256");
            signature.setKeyIdHeaderValue(key.getKeyId());
            signature.setKey(key.getPrivateKey());
            signature.setPayload(JsonUtil.toJson(claims));
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static String unsigned(RsaJsonWebKey key, Map<String, Object> claims) {
        return base64(header("none", key)) + "." + base64(JsonUtil.toJson(claims)) + ".";
    }

    /** Signs with HMAC; the provider's public key as the secret confuses verifiers that trust the token's algorithm. */
    static String hmac(RsaJsonWebKey key, byte[] secret, Map<String, Object> claims) {
        try {
            String content = base64(header("HS256", key)) + "." + base64(JsonUtil.toJson(claims));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a token with another payload and the same signature. */
    static String tampered(String token, Map<String, Object> claims) {
        String[] parts = token.split("\\.", -1);
        return parts[0] + "." + base64(JsonUtil.toJson(claims)) + "." + parts[2];
    }

    /** Returns claims with another value of one; null removes it. */
    static Map<String, Object> changed(Map<String, Object> claims, String claim, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(claims);
        if (value == null) {
            changed.remove(claim);
        } else {
            changed.put(claim, value);
        }
        return changed;
    }

    /** Returns the claim {@code exp} of a token. */
    static long expiry(String token) throws IOException {
        return new ObjectMapper()
                .readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]))
                .get("exp")
                .longValue();
    }

    /** Returns a public key in PEM format. */
    static byte[] pem(byte[] key) {
        return ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(key)
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String header(String algorithm, RsaJsonWebKey key) {
        return "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + key.getKeyId() + "\"}";
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
