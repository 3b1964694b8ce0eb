package io.rootstock.client.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedTlsTest {
    private static final TlsFiles.Names NAMES =
            new TlsFiles.Names("a.certificate-file", "a.key-file", "a.authority-file");
    private static final Duration PERIOD = Duration.ofMillis(50);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private final TestAuthority authority = new TestAuthority("authority");
    private final BlockingQueue<String> results = new LinkedBlockingQueue<>();
    private final ReloadListener listener = new ReloadListener() {
        @Override
        public void replaced() {
            results.add("replaced");
        }

        @Override
        public void refused(String reason) {
            results.add(reason);
        }
    };
    private SecretVolume volume;

    @BeforeEach
    void write() {
        volume = new SecretVolume(directory);
        volume.replace(authority.issue("first", DAY), authority.certificate());
    }

    @Test
    void usesReplacedFilesAndKeepsTheLastCertificateForHandshakesThatHaveBegun() throws InterruptedException {
        try (ReloadedTls tls = new ReloadedTls(files(), PERIOD, listener)) {
            X509ExtendedKeyManager keys = tls.keyManager().orElseThrow();
            String begun = keys.chooseEngineServerAlias("EC", null, null);
            volume.replace(authority.issue("second", Duration.ofDays(9)), authority.certificate());

            assertThat(results.poll(10, TimeUnit.SECONDS)).isEqualTo("replaced");

            String next = keys.chooseEngineServerAlias("EC", null, null);
            assertThat(name(keys, begun)).isEqualTo("CN=first");
            assertThat(name(keys, next)).isEqualTo("CN=second");
            assertThat(keys.getPrivateKey(next)).isNotEqualTo(keys.getPrivateKey(begun));
            assertThat(tls.expiry().orElseThrow()).isAfter(Instant.now().plus(Duration.ofDays(8)));
            assertThat(keys.chooseEngineServerAlias("RSA", null, null)).isNull();
        }
    }

    @Test
    void keepsTheLastAuthorities() throws InterruptedException {
        TestAuthority other = new TestAuthority("other");
        TestAuthority.Issued issued = authority.issue("first", DAY);
        try (ReloadedTls tls = new ReloadedTls(files(), PERIOD, listener)) {
            volume.replace(issued, other.certificate() + authority.certificate());
            assertThat(results.poll(10, TimeUnit.SECONDS)).isEqualTo("replaced");
            assertThat(tls.trustManager().getAcceptedIssuers())
                    .extracting(issuer -> issuer.getSubjectX500Principal().getName())
                    .containsExactlyInAnyOrder("CN=authority", "CN=other");

            volume.replace(issued, "nothing");
            assertThat(results.poll(10, TimeUnit.SECONDS)).startsWith("a.authority-file: ");
            assertThat(tls.trustManager().getAcceptedIssuers()).hasSize(2);
        }
    }

    @Test
    void refusesInvalidReplacementsAndReportsEachOnce() throws InterruptedException, IOException {
        TestAuthority.Issued first = authority.issue("first", DAY);
        TestAuthority.Issued other = authority.issue("other", DAY);
        try (ReloadedTls tls = new ReloadedTls(files(), PERIOD, listener)) {
            volume.replace(first.certificate(), other.key(), authority.certificate());
            assertThat(results.poll(10, TimeUnit.SECONDS))
                    .startsWith("a.key-file: the key in ")
                    .endsWith("does not belong to the certificate of a.certificate-file");
            volume.replace(authority.issue("late", Duration.ofHours(-1)), authority.certificate());
            assertThat(results.poll(10, TimeUnit.SECONDS)).contains("a.certificate-file", "expired at", "hint:");
            Files.delete(volume.key());
            assertThat(results.poll(10, TimeUnit.SECONDS)).contains("a.key-file: cannot read", "NoSuchFile");
            assertThat(results.poll(5 * PERIOD.toMillis(), TimeUnit.MILLISECONDS))
                    .isNull();
            X509ExtendedKeyManager keys = tls.keyManager().orElseThrow();
            assertThat(name(keys, keys.chooseEngineServerAlias("EC", null, null)))
                    .isEqualTo("CN=first");

            volume.replace(authority.issue("good", DAY), authority.certificate());
            assertThat(results.poll(10, TimeUnit.SECONDS)).isEqualTo("replaced");
            assertThat(name(keys, keys.chooseEngineServerAlias("EC", null, null)))
                    .isEqualTo("CN=good");
        }
    }

    @Test
    void namesTheSettingOfAnInvalidFile() throws IOException {
        TestAuthority.Issued good = authority.issue("first", DAY);
        assertRefused("", good.key(), authority.certificate(), "a.certificate-file: ");
        assertRefused("rubbish", good.key(), authority.certificate(), "a.certificate-file: ");
        assertRefused("x".repeat((1 << 20) + 1), good.key(), authority.certificate(), "more than 1048576 bytes");
        assertRefused(
                good.certificate(),
                good.key().replace("PRIVATE", "EC PRIVATE"),
                authority.certificate(),
                "a.key-file: " + volume.key() + " has no unencrypted PKCS#8 key");
        assertRefused(
                good.certificate(),
                authority.issue("RSA", "rsa", DAY).key(),
                authority.certificate(),
                "a.key-file: " + volume.key() + " has no valid EC key");
        assertRefused(good.certificate(), good.key(), "", "a.authority-file: ");
        assertRefused(
                authority.issue("late", Duration.ofSeconds(-1)).certificate(),
                good.key(),
                authority.certificate(),
                "a.certificate-file: the certificate in " + volume.certificate() + " expired at ");
        Files.delete(volume.authority());
        assertThatThrownBy(() -> new ReloadedTls(files(), PERIOD, listener))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.authority-file: cannot read " + volume.authority());
    }

    @Test
    void takesKeysOfEveryUsualType() {
        for (String algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
            volume.replace(authority.issue(algorithm, "peer", DAY), authority.certificate());
            try (ReloadedTls tls = new ReloadedTls(files(), PERIOD, listener)) {
                assertThat(tls.keyManager()).as(algorithm).isPresent();
            }
        }
    }

    @Test
    void wantsACertificateWithItsKey() {
        assertThatThrownBy(() ->
                        new TlsFiles(NAMES, Optional.of(volume.certificate()), Optional.empty(), Optional.empty()))
                .hasMessage("a.certificate-file is set without a.key-file; set both or neither");
        assertThatThrownBy(() -> new TlsFiles(NAMES, Optional.empty(), Optional.of(volume.key()), Optional.empty()))
                .hasMessage("a.key-file is set without a.certificate-file; set both or neither");
    }

    @Test
    void trustsTheJdkWithoutAnAuthority() {
        TlsFiles none = new TlsFiles(NAMES, Optional.empty(), Optional.empty(), Optional.empty());
        try (ReloadedTls tls = new ReloadedTls(none, PERIOD, listener)) {
            assertThat(tls.trustManager().getAcceptedIssuers()).hasSizeGreaterThan(10);
            assertThat(tls.keyManager()).isEmpty();
            assertThat(tls.expiry()).isEmpty();
        }
    }

    private void assertRefused(String certificate, String key, String authorities, String message) {
        volume.replace(certificate, key, authorities);
        assertThatThrownBy(() -> new ReloadedTls(files(), PERIOD, listener))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private TlsFiles files() {
        return new TlsFiles(
                NAMES, Optional.of(volume.certificate()), Optional.of(volume.key()), Optional.of(volume.authority()));
    }

    private static String name(X509ExtendedKeyManager keys, String alias) {
        X509Certificate[] chain = keys.getCertificateChain(alias);
        return chain[0].getSubjectX500Principal().getName();
    }
}
