package io.rootstock.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.rootstock.client.tls.ReloadedTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Opens channels to services with keep-alive and automatic reconnection. An address that does not answer, such as a pod that
 * no longer exists, is abandoned after five seconds. The caller shuts a channel down.
 */
public final class ServiceChannel {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final long KEEPALIVE_SECONDS = 30;
    private static final long KEEPALIVE_TIMEOUT_SECONDS = 10;

    /** Longer than two repetitions of a lost packet of the handshake, after 1 s and 3 s. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Four attempts over about three seconds, for a service that is starting or restarting. */
    private static final Map<String, ?> RETRY_POLICY = Map.of(
            "maxAttempts",
            4.0,
            "initialBackoff",
            "0.3s",
            "maxBackoff",
            "2s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));

    private ServiceChannel() {}

    /**
     * Creates a channel that connects at its first call.
     *
     * @param endpoint {@code host:port}, for example {@code 127.0.0.1:7401}
     * @param tls certificates; empty: no TLS
     * @param credentials credentials of every call; empty: none
     * @param retried services whose calls are repeated if the service is unavailable: the methods that their contract
     *     declares free of side effects or idempotent ({@code idempotency_level})
     * @throws IllegalArgumentException if the endpoint is invalid
     */
    public static ManagedChannel open(
            String endpoint,
            Optional<ReloadedTls> tls,
            Optional<TokenCredentials> credentials,
            ServiceDescriptor... retried) {
        NettyChannelBuilder builder = builder(endpoint);
        if (retried.length > 0) {
            builder.defaultServiceConfig(retries(retried)).enableRetry();
        }
        return build(builder, tls, credentials);
    }

    /**
     * Creates a channel that connects at its first call, in a thread of the caller.
     *
     * @param endpoint {@code host:port}, for example {@code 127.0.0.1:7401}
     * @param tls certificates; empty: no TLS
     * @param credentials credentials of every call; empty: none
     * @throws IllegalArgumentException if the endpoint is invalid
     */
    public static ManagedChannel open(
            ConnectionThread thread,
            String endpoint,
            Optional<ReloadedTls> tls,
            Optional<TokenCredentials> credentials) {
        NettyChannelBuilder builder = builder(endpoint);
        thread.use(builder);
        return build(builder, tls, credentials);
    }

    /**
     * Creates a channel to one of the addresses of a service; certificates are checked for its host name.
     *
     * @param service name and port of the service
     * @param address one of the addresses of the name
     * @param tls certificates; empty: no TLS
     * @param credentials credentials of every call; empty: none
     */
    public static ManagedChannel open(
            ConnectionThread thread,
            Endpoint service,
            InetAddress address,
            Optional<ReloadedTls> tls,
            Optional<TokenCredentials> credentials) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(new InetSocketAddress(address, service.port()))
                .overrideAuthority(service.toString());
        thread.use(builder);
        return build(builder, tls, credentials);
    }

    private static NettyChannelBuilder builder(String endpoint) {
        return NettyChannelBuilder.forTarget("dns:///" + Endpoint.parse(endpoint));
    }

    private static ManagedChannel build(
            NettyChannelBuilder builder, Optional<ReloadedTls> tls, Optional<TokenCredentials> credentials) {
        builder.maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        tls.ifPresentOrElse(certificates -> builder.sslContext(context(certificates)), builder::usePlaintext);
        credentials.ifPresent(token -> builder.intercept(new WithCredentials(token)));
        return builder.build();
    }

    private static Map<String, ?> retries(ServiceDescriptor... services) {
        List<Map<String, String>> names = Stream.of(services)
                .flatMap(service -> service.getMethods().stream())
                .filter(method -> method.isSafe() || method.isIdempotent())
                .map(method -> Map.of("service", method.getServiceName(), "method", method.getBareMethodName()))
                .toList();
        return Map.of("methodConfig", List.of(Map.of("name", names, "retryPolicy", RETRY_POLICY)));
    }

    private record WithCredentials(TokenCredentials token) implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return next.newCall(method, options.withCallCredentials(token));
        }
    }

    private static SslContext context(ReloadedTls certificates) {
        SslContextBuilder context = GrpcSslContexts.forClient()
                .trustManager(certificates.trustManager())
                .sessionTimeout(ReloadedTls.SESSION_SECONDS);
        certificates.keyManager().ifPresent(context::keyManager);
        try {
            return context.build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS is unavailable in this JDK", e);
        }
    }
}
