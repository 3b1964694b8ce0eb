package io.rootstock.client.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Certificate authority for tests; its keys are EC P-256. */
public final class TestAuthority {
    private static final Duration BACKDATED = Duration.ofDays(2);

    private final X500Principal name;
    private final KeyPair keys = keyPair("EC");
    private final String certificate;

    /** Certificate chain and key in PEM format. */
    public record Issued(String certificate, String key) {}

    /** Creates an authority with a self-signed certificate. */
    public TestAuthority(String name) {
        this.name = new X500Principal("CN=" + name);
        JcaX509v3CertificateBuilder builder = builder(this.name, keys, Duration.ofDays(1));
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        } catch (CertIOException e) {
            throw new UncheckedIOException(e);
        }
        certificate = sign(builder);
    }

    /** The certificate of the authority in PEM format. */
    public String certificate() {
        return certificate;
    }

    /**
     * Issues a certificate that became valid two days ago.
     *
     * @param validity time from now to its end; negative: expired
     * @param names alternative names: URIs, IPv4 addresses, DNS names
     */
    public Issued issue(String commonName, Duration validity, String... names) {
        return issue("EC", commonName, validity, names);
    }

    /** Issues a certificate for a key of an algorithm: EC, RSA or Ed25519. */
    Issued issue(String algorithm, String commonName, Duration validity, String... names) {
        KeyPair subject = keyPair(algorithm);
        JcaX509v3CertificateBuilder builder = builder(new X500Principal("CN=" + commonName), subject, validity);
        try {
            if (names.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(
                                Stream.of(names).map(TestAuthority::generalName).toArray(GeneralName[]::new)));
            }
        } catch (CertIOException e) {
            throw new UncheckedIOException(e);
        }
        return new Issued(
                sign(builder),
                pem(new PemObject("PRIVATE KEY", subject.getPrivate().getEncoded())));
    }

    private static GeneralName generalName(String name) {
        int type = name.contains("://")
                ? GeneralName.uniformResourceIdentifier
                : name.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName;
        return new GeneralName(type, name);
    }

    private JcaX509v3CertificateBuilder builder(X500Principal subject, KeyPair subjectKeys, Duration validity) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(64, new SecureRandom()),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(validity)),
                subject,
                subjectKeys.getPublic());
    }

    private String sign(JcaX509v3CertificateBuilder builder) {
        try {
            X509Certificate signed = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            return pem(new PemObject("CERTIFICATE", signed.getEncoded()));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(PemObject object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static KeyPair keyPair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
