package io.rootstock.service;

import io.grpc.ManagedChannel;
import io.grpc.ServiceDescriptor;
import io.rootstock.client.Endpoint;
import io.rootstock.client.ServiceChannel;
import io.rootstock.client.TokenCredentials;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Opens channels to other services as configured, with the token if there is one, and with retries. */
@ApplicationScoped
public class GrpcChannels {
    private static final Logger LOGGER = Logger.getLogger(GrpcChannels.class);

    private final CommonSettings settings;
    private final BearerToken token;

    /** Required by the CDI client proxy. */
    GrpcChannels() {
        settings = null;
        token = null;
    }

    /** Opens channels with these settings. */
    @Inject
    public GrpcChannels(CommonSettings settings, BearerToken token) {
        this.settings = settings;
        this.token = token;
    }

    /**
     * Creates a channel to {@code endpoint}; it connects at its first call. The caller shuts it down.
     *
     * @param endpoint {@code host:port}, for example {@code 127.0.0.1:7401}
     * @param retried services whose idempotent calls are repeated if the service is unavailable
     */
    public ManagedChannel open(String endpoint, ServiceDescriptor... retried) {
        CommonSettings.Client client = settings.client();
        Optional<TokenCredentials> credentials = token.credentials();
        if (!client.tls()
                && credentials.isPresent()
                && !Endpoint.parse(endpoint).isLoopback()) {
            LOGGER.warnf("the token is sent unencrypted to %s; set rootstock.client.tls=true", endpoint);
        }
        return ServiceChannel.open(
                endpoint, new ServiceChannel.Encryption(client.tls(), client.trustFile()), credentials, retried);
    }

    /** Creates a channel whose calls carry the token of their caller, not that of the installation. */
    public ManagedChannel openWithoutToken(String endpoint, ServiceDescriptor... retried) {
        CommonSettings.Client client = settings.client();
        return ServiceChannel.open(
                endpoint, new ServiceChannel.Encryption(client.tls(), client.trustFile()), Optional.empty(), retried);
    }
}
