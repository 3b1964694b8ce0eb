package io.rootstock.service.tls;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.rootstock.client.tls.ReloadedTls;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/** TLS of the gRPC server. The framework's own log line about its start does not know of it. */
@ApplicationScoped
class GrpcServerTls implements ServerBuilderCustomizer<VertxServerBuilder> {
    private static final Logger LOG = Logger.getLogger(GrpcServerTls.class);

    private final ServerTls tls;

    @Inject
    GrpcServerTls(ServerTls tls) {
        this.tls = tls;
    }

    @Override
    public void customize(GrpcServerConfiguration configuration, VertxServerBuilder builder) {
        tls.certificates().ifPresent(certificates -> {
            builder.nettyBuilder().sslContext(context(certificates));
            LOG.infof("gRPC is served over TLS, client certificates: %s", tls.clientAuthentication());
        });
    }

    private SslContext context(ReloadedTls certificates) {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forServer(
                            certificates.keyManager().orElseThrow()))
                    .trustManager(certificates.trustManager())
                    .clientAuth(
                            switch (tls.clientAuthentication()) {
                                case NONE -> ClientAuth.NONE;
                                case OPTIONAL -> ClientAuth.OPTIONAL;
                                case REQUIRED -> ClientAuth.REQUIRE;
                            })
                    .sessionTimeout(ReloadedTls.SESSION_SECONDS)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS is unavailable in this JDK", e);
        }
    }
}
