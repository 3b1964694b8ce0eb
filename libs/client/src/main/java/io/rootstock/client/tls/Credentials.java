package io.rootstock.client.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Valid certificates and key.
 *
 * @param identity certificate and key of this side; empty: none
 * @param authorities trusted certificate authorities; empty: those of the JDK
 */
record Credentials(Optional<Identity> identity, Optional<List<X509Certificate>> authorities) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final byte[] PROBE = "rootstock".getBytes(StandardCharsets.US_ASCII);

    /** Certificate chain, the own certificate first, and its key. */
    record Identity(List<X509Certificate> chain, PrivateKey key) {}

    /**
     * Parses and checks PEM files: the certificate is valid now, and the key is its key.
     *
     * @throws IllegalArgumentException otherwise; names the setting
     */
    static Credentials parse(TlsFiles files, PemContents contents) {
        return new Credentials(
                contents.certificate()
                        .map(pem -> identity(files, pem, contents.key().orElseThrow())),
                contents.authority()
                        .map(pem -> certificates(
                                files.names().authority(), files.authority().orElseThrow(), pem)));
    }

    private static Identity identity(TlsFiles files, String certificatePem, String keyPem) {
        String name = files.names().certificate();
        Path file = files.certificate().orElseThrow();
        List<X509Certificate> chain = certificates(name, file, certificatePem);
        X509Certificate own = chain.getFirst();
        try {
            own.checkValidity();
        } catch (CertificateExpiredException e) {
            throw new IllegalArgumentException(
                    name + ": the certificate in " + file + " expired at "
                            + own.getNotAfter().toInstant() + "; hint: replace it",
                    e);
        } catch (CertificateNotYetValidException e) {
            throw new IllegalArgumentException(
                    name + ": the certificate in " + file + " is not valid before "
                            + own.getNotBefore().toInstant() + "; hint: check the clock",
                    e);
        }
        return new Identity(chain, key(files, own.getPublicKey(), keyPem));
    }

    private static List<X509Certificate> certificates(String name, Path file, String pem) {
        try {
            List<X509Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException(name + ": " + file + " has no certificate in PEM format");
            }
            return certificates;
        } catch (CertificateException e) {
            throw new IllegalArgumentException(name + ": invalid certificate in " + file + ": " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(TlsFiles files, PublicKey certified, String pem) {
        String name = files.names().key();
        Path file = files.key().orElseThrow();
        Matcher matcher = KEY.matcher(pem);
        if (!matcher.find()) {
            throw new IllegalArgumentException(
                    name + ": " + file + " has no unencrypted PKCS#8 key (BEGIN PRIVATE KEY);"
                            + " hint: convert it with `openssl pkcs8 -topk8 -nocrypt`");
        }
        try {
            PrivateKey key = KeyFactory.getInstance(certified.getAlgorithm())
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1))));
            if (fits(key, certified)) {
                return key;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + ": " + file + " has no valid " + certified.getAlgorithm()
                            + " key, the type of the certificate" + " of "
                            + files.names().certificate(),
                    e);
        }
        throw new IllegalArgumentException(name + ": the key in " + file + " does not belong to the certificate of "
                + files.names().certificate());
    }

    private static boolean fits(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (certified.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> certified.getAlgorithm();
                });
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(PROBE);
        return signature.verify(signed);
    }
}
