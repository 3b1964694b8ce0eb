package io.rootstock.cli.doctor;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.EndpointHealth;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Service;
import java.util.List;

/** Services at given endpoints, such as of a cluster, respond. */
record EndpointCheck(Endpoints endpoints, List<Service> given) implements Check {
    private static final String NAME = "endpoints";

    @Override
    public List<Finding> run() {
        try (Clients clients = new Clients(endpoints)) {
            return given.stream().map(service -> of(clients, service)).toList();
        }
    }

    private static Finding of(Clients clients, Service service) {
        String endpoint = "the " + service.label() + " service at " + clients.address(service);
        String hint = "check the address, --certificate-authority and the network";
        try {
            EndpointHealth health = EndpointHealth.of(clients, service);
            return switch (health.health()) {
                case SERVING -> Finding.ok(NAME, endpoint + " is serving");
                case NOT_SERVING -> Finding.warning(NAME, endpoint + " is not serving", "see the log of its pod");
                case UNREACHABLE, STOPPED ->
                    Finding.error(NAME, endpoint + " is unreachable: " + health.reason(), hint);
            };
        } catch (CliException invalid) {
            return Finding.error(NAME, endpoint + ": " + invalid.getMessage(), invalid.hint());
        }
    }
}
