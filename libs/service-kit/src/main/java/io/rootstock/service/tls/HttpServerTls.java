package io.rootstock.service.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.service.tls.TlsSettings.ClientAuthentication;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * TLS of the HTTP server. The server asks for client certificates and does not require them in the handshake, because the probes of
 * Kubernetes have none; requests without one are refused, except for health checks.
 */
@ApplicationScoped
class HttpServerTls implements HttpServerOptionsCustomizer {
    private static final String HEALTH = "/q/health";

    private final ServerTls tls;

    @Inject
    HttpServerTls(ServerTls tls) {
        this.tls = tls;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        tls.certificates()
                .ifPresent(certificates -> options.setSsl(true)
                        .setSslEngineOptions(new FullHandshakes())
                        .setKeyCertOptions(
                                KeyCertOptions.wrap(certificates.keyManager().orElseThrow()))
                        .setTrustOptions(TrustOptions.wrap(certificates.trustManager()))
                        .setClientAuth(
                                switch (tls.clientAuthentication()) {
                                    case NONE -> ClientAuth.NONE;
                                    case OPTIONAL, REQUIRED -> ClientAuth.REQUEST;
                                }));
    }

    void register(@Observes Router router) {
        if (tls.clientAuthentication() != ClientAuthentication.NONE) {
            router.route().order(Integer.MIN_VALUE).handler(this::check);
        }
    }

    private void check(RoutingContext request) {
        String path = request.normalizedPath();
        if (path.equals(HEALTH) || path.startsWith(HEALTH + "/")) {
            request.next();
            return;
        }
        List<String> names = ClientCertificate.names(request.request().sslSession());
        if (names.isEmpty() && tls.clientAuthentication() == ClientAuthentication.REQUIRED) {
            refuse(request, 401, "this service wants a client certificate with a name");
        } else if (!tls.allows(names)) {
            refuse(request, 403, names + " is not in rootstock.tls.allowed-peers");
        } else {
            request.next();
        }
    }

    private static void refuse(RoutingContext request, int status, String message) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Connection", "close")
                .end(message + "\n");
    }

    /** The JDK's TLS without long sessions, which Vert.x has no option for. */
    private static final class FullHandshakes extends JdkSSLEngineOptions {
        @Override
        public SslContextFactory sslContextFactory() {
            return new DefaultSslContextFactory(SslProvider.JDK, false) {
                @Override
                public SslContext create() throws SSLException {
                    SslContext context = super.create();
                    context.sessionContext().setSessionTimeout(ReloadedTls.SESSION_SECONDS);
                    return context;
                }
            };
        }

        @Override
        public JdkSSLEngineOptions copy() {
            return new FullHandshakes();
        }
    }
}
