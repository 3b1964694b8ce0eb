package io.rootstock.cli.client;

import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Service;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the services are and how to reach them.
 *
 * @param addresses host:port of each service
 * @param tokenFile file with the bearer token of every call, if the services ask for one
 * @param certificateAuthority PEM file to trust; present: the services speak TLS
 */
public record Endpoints(Map<Service, String> addresses, Optional<Path> tokenFile, Optional<Path> certificateAuthority) {

    /** Services on this machine, without tokens or TLS. */
    public static Endpoints local(Installation installation) {
        Map<Service, String> addresses = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            addresses.put(service, installation.endpoint(service));
        }
        return new Endpoints(addresses, Optional.empty(), Optional.empty());
    }
}
