package io.rootstock.cli.client;

import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Service;
import io.rootstock.client.TokenCredentials;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Endpoints and credentials of the services.
 *
 * @param addresses host:port of each service
 * @param credentials bearer token; empty: no authentication
 * @param certificateAuthority trusted certificates (PEM); empty: those of the JDK, or no TLS without a client certificate
 * @param clientCertificate certificate that calls present (PEM); empty: none
 * @param clientKey PKCS#8 key of the client certificate (PEM)
 */
public record Endpoints(
        Map<Service, String> addresses,
        Optional<TokenCredentials> credentials,
        Optional<Path> certificateAuthority,
        Optional<Path> clientCertificate,
        Optional<Path> clientKey) {
    /** Endpoints without a client certificate. */
    public Endpoints(
            Map<Service, String> addresses,
            Optional<TokenCredentials> credentials,
            Optional<Path> certificateAuthority) {
        this(addresses, credentials, certificateAuthority, Optional.empty(), Optional.empty());
    }

    /** Whether calls use TLS. */
    boolean tls() {
        return certificateAuthority.isPresent() || clientCertificate.isPresent() || clientKey.isPresent();
    }

    /** Services of an installation on this machine, without authentication and TLS. */
    public static Endpoints local(Installation installation) {
        Map<Service, String> addresses = new EnumMap<>(Service.class);
        for (Service service : Service.withRpcs()) {
            addresses.put(service, installation.endpoint(service));
        }
        return new Endpoints(addresses, Optional.empty(), Optional.empty());
    }
}
