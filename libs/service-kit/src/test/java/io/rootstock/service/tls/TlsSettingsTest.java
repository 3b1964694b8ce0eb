package io.rootstock.service.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rootstock.client.tls.SecretVolume;
import io.rootstock.client.tls.TestAuthority;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSettingsTest {
    @TempDir
    Path directory;

    private final TestAuthority authority = new TestAuthority("authority");
    private final Map<String, String> settings = new HashMap<>();
    private SecretVolume files;

    @BeforeEach
    void write() {
        files = new SecretVolume(directory);
        files.replace(authority.issue("server", Duration.ofDays(1)), authority.certificate());
    }

    @Test
    void noTlsByDefault() {
        assertThat(server().certificates()).isEmpty();
        assertThat(client().certificates()).isEmpty();
    }

    @Test
    void wantsCertificateAndKey() {
        settings.put("rootstock.tls.certificate-file", files.certificate().toString());
        assertServerFails("rootstock.tls.certificate-file is set without rootstock.tls.key-file");
        settings.put("rootstock.tls.key-file", directory.resolve("absent").toString());
        assertServerFails("rootstock.tls.key-file: cannot read " + directory.resolve("absent"));
        settings.put("rootstock.tls.key-file", files.key().toString());
        try (var certificates = server().certificates().orElseThrow()) {
            assertThat(certificates.expiry()).isPresent();
        }
    }

    @Test
    void refusesSettingsWithoutEffect() {
        settings.put("rootstock.tls.allowed-peers", "registry");
        assertServerFails("rootstock.tls.allowed-peers has no effect");
        settings.put("rootstock.tls.client-authentication", "required");
        assertServerFails("rootstock.tls.client-authentication needs rootstock.tls.client-authority-file");
        settings.put("rootstock.tls.client-authority-file", files.authority().toString());
        assertServerFails("rootstock.tls.client-authentication needs rootstock.tls.certificate-file");
        settings.put("rootstock.tls.client-authentication", "none");
        assertServerFails("rootstock.tls.client-authority-file has no effect");
    }

    @Test
    void refusesPeriodsThatAreNotPositive() {
        settings.put("rootstock.tls.certificate-file", files.certificate().toString());
        settings.put("rootstock.tls.key-file", files.key().toString());
        settings.put("rootstock.tls.reload-period", "0s");
        assertServerFails("rootstock.tls.reload-period must be positive, not PT0S");
    }

    @Test
    void aClientCertificateNeedsTls() {
        settings.put("rootstock.client.certificate-file", files.certificate().toString());
        settings.put("rootstock.client.key-file", files.key().toString());
        assertThatThrownBy(this::client)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rootstock.client.certificate-file")
                .hasMessageContaining("set rootstock.client.tls=true");
        settings.put("rootstock.client.tls", "true");
        settings.put("rootstock.client.trust-file", directory.resolve("absent").toString());
        assertThatThrownBy(this::client).hasMessageContaining("rootstock.client.trust-file: cannot read");
        settings.put("rootstock.client.trust-file", files.authority().toString());
        try (var certificates = client().certificates().orElseThrow()) {
            assertThat(certificates.keyManager()).isPresent();
        }
    }

    @Test
    void servesHttpOverTlsOnlyWithACertificate() {
        assertThat(insecureRequests()).isEqualTo("enabled");
        settings.put("rootstock.tls.certificate-file", "");
        assertThat(insecureRequests()).isEqualTo("enabled");
        settings.put("rootstock.tls.certificate-file", "/etc/tls.crt");
        assertThat(insecureRequests()).isEqualTo("disabled");
    }

    private void assertServerFails(String message) {
        assertThatThrownBy(this::server)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(message);
    }

    private ServerTls server() {
        return new ServerTls(mapping(), new TlsReports(new SimpleMeterRegistry()));
    }

    private ClientTls client() {
        return new ClientTls(mapping(), new TlsReports(new SimpleMeterRegistry()));
    }

    private TlsSettings mapping() {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(TlsSettings.class)
                .withValidateUnknown(false)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(TlsSettings.class);
    }

    private String insecureRequests() {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withSources(new HttpOverTls())
                .build()
                .getOptionalValue("quarkus.http.insecure-requests", String.class)
                .orElse("enabled");
    }
}
