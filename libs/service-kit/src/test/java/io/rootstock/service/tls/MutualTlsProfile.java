package io.rootstock.service.tls;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.rootstock.client.tls.SecretVolume;
import io.rootstock.client.tls.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A service that requires client certificates; the test and the service share the files, named by system properties. */
public final class MutualTlsProfile implements QuarkusTestProfile {
    static final Duration DAY = Duration.ofDays(1);
    static final String CLIENT = "spiffe://test/client";

    /** Directory of the volume {@code server}. */
    static final String DIRECTORY = "rootstock.test.tls";

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "tls-");
            System.setProperty(DIRECTORY, directory.toString());
            TestAuthority authority = new TestAuthority("first");
            SecretVolume server = new SecretVolume(directory.resolve("server"));
            server.replace(authority.issue("server", DAY, "localhost", "127.0.0.1"), authority.certificate());
            return Map.of(
                    "rootstock.tls.certificate-file",
                    server.certificate().toString(),
                    "rootstock.tls.key-file",
                    server.key().toString(),
                    "rootstock.tls.client-authority-file",
                    server.authority().toString(),
                    "rootstock.tls.client-authentication",
                    "required",
                    "rootstock.tls.allowed-peers",
                    CLIENT + ",registry",
                    "rootstock.tls.reload-period",
                    "PT0.1S",
                    "rootstock.grpc.connection-age",
                    "1s");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
