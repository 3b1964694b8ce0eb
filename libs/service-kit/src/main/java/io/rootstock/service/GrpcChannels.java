package io.rootstock.service;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/**
 * Opens channels to other services as configured: plaintext or TLS, with the token if there is one, with keep-alive,
 * automatic reconnection, and retries of calls to an unavailable service (writes have a request id, so that a retry is
 * idempotent). The caller shuts the channel down.
 */
@ApplicationScoped
public class GrpcChannels {
    private static final Logger LOGGER = Logger.getLogger(GrpcChannels.class);
    private static final int MAXIMUM_MESSAGE_BYTES = 16 << 20;
    private static final long KEEPALIVE_SECONDS = 30;
    private static final long KEEPALIVE_TIMEOUT_SECONDS = 10;

    /** Four attempts over about three seconds, for a service that is starting or restarting. */
    private static final Map<String, ?> RETRIES = Map.of(
            "methodConfig",
            List.of(Map.of(
                    "name",
                    List.of(Map.of()),
                    "retryPolicy",
                    Map.of(
                            "maxAttempts",
                            4.0,
                            "initialBackoff",
                            "0.3s",
                            "maxBackoff",
                            "2s",
                            "backoffMultiplier",
                            2.0,
                            "retryableStatusCodes",
                            List.of("UNAVAILABLE")))));

    private final CommonSettings settings;
    private final TokenClientInterceptor token;

    /** Required by the CDI client proxy. */
    GrpcChannels() {
        settings = null;
        token = null;
    }

    /** Opens channels with these settings. */
    @Inject
    public GrpcChannels(CommonSettings settings, TokenClientInterceptor token) {
        this.settings = settings;
        this.token = token;
    }

    /**
     * Creates a channel to {@code endpoint}; it connects at its first call.
     *
     * @param endpoint {@code host:port}, for example {@code 127.0.0.1:7401}
     */
    public ManagedChannel open(String endpoint) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget("dns:///" + Endpoint.parse(endpoint))
                .maxInboundMessageSize(MAXIMUM_MESSAGE_BYTES)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .defaultServiceConfig(RETRIES)
                .enableRetry();
        if (settings.client().tls()) {
            builder.sslContext(trust());
        } else {
            builder.usePlaintext();
            if (token.isActive() && !Endpoint.parse(endpoint).isLoopback()) {
                LOGGER.warnf("the token is sent unencrypted to %s; set rootstock.client.tls=true", endpoint);
            }
        }
        builder.intercept(token);
        return builder.build();
    }

    private SslContext trust() {
        SslContextBuilder context = GrpcSslContexts.forClient();
        settings.client().trustFile().ifPresent(file -> context.trustManager(file.toFile()));
        try {
            return context.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "cannot use TLS for calls (rootstock.client.trust-file): " + e.getMessage(), e);
        }
    }
}
