package io.rootstock.service.access;

import io.quarkus.runtime.Startup;
import io.rootstock.client.Endpoint;
import io.rootstock.service.BearerToken;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Stops the start of a service that other machines can reach without a token. */
@ApplicationScoped
@Startup
class ListenAddresses {
    private final BearerToken token;
    private final Map<String, String> hosts;

    @Inject
    ListenAddresses(
            BearerToken token,
            @ConfigProperty(name = "quarkus.grpc.server.host") String grpc,
            @ConfigProperty(name = "quarkus.http.host") String http) {
        this.token = token;
        this.hosts = Map.of("quarkus.grpc.server.host", grpc, "quarkus.http.host", http);
    }

    @PostConstruct
    void check() {
        if (token.isRequired()) {
            return;
        }
        hosts.forEach((setting, host) -> {
            if (!new Endpoint(host, 1).isLoopback()) {
                throw new IllegalStateException("the service would listen on " + host + " without authentication; set"
                        + " rootstock.auth.token-file to a file with a token, or " + setting + "=127.0.0.1");
            }
        });
    }
}
