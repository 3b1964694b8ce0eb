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
 * @param certificateAuthority trusted certificates (PEM); empty: no TLS
 */
public record Endpoints(
        Map<Service, String> addresses, Optional<TokenCredentials> credentials, Optional<Path> certificateAuthority) {

    /** Services of an installation on this machine, without authentication and TLS. */
    public static Endpoints local(Installation installation) {
        Map<Service, String> addresses = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            addresses.put(service, installation.endpoint(service));
        }
        return new Endpoints(addresses, Optional.empty(), Optional.empty());
    }
}
