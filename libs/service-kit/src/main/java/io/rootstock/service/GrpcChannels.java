package io.rootstock.service;

import io.grpc.ManagedChannel;
import io.grpc.ServiceDescriptor;
import io.rootstock.client.Endpoint;
import io.rootstock.client.ServiceChannel;
import io.rootstock.client.TokenCredentials;
import io.rootstock.service.tls.ClientTls;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Opens channels to other services as configured, with the token if there is one, and with retries. */
@ApplicationScoped
public class GrpcChannels {
    private static final Logger LOGGER = Logger.getLogger(GrpcChannels.class);

    private final BearerToken token;
    private final ClientTls tls;

    /** Required by the CDI client proxy. */
    GrpcChannels() {
        token = null;
        tls = null;
    }

    @Inject
    GrpcChannels(BearerToken token, ClientTls tls) {
        this.token = token;
        this.tls = tls;
    }

    /**
     * Creates a channel to {@code endpoint}; it connects at its first call. The caller shuts it down.
     *
     * @param endpoint {@code host:port}, for example {@code 127.0.0.1:7401}
     * @param retried services whose idempotent calls are repeated if the service is unavailable
     */
    public ManagedChannel open(String endpoint, ServiceDescriptor... retried) {
        Optional<TokenCredentials> credentials = token.credentials();
        if (tls.certificates().isEmpty()
                && credentials.isPresent()
                && !Endpoint.parse(endpoint).isLoopback()) {
            LOGGER.warnf("the token is sent unencrypted to %s; set rootstock.client.tls=true", endpoint);
        }
        return ServiceChannel.open(endpoint, tls.certificates(), credentials, retried);
    }

    /**
     * Creates a channel to a child process on this machine: without TLS, with the token if there is one. The caller shuts
     * it down.
     *
     * @param port port on 127.0.0.1
     */
    public ManagedChannel openChild(int port, ServiceDescriptor... retried) {
        return ServiceChannel.open("127.0.0.1:" + port, Optional.empty(), token.credentials(), retried);
    }

    /** Creates a channel whose calls carry the token of their caller, not the installation's. */
    public ManagedChannel openWithoutToken(String endpoint, ServiceDescriptor... retried) {
        return ServiceChannel.open(endpoint, tls.certificates(), Optional.empty(), retried);
    }
}
