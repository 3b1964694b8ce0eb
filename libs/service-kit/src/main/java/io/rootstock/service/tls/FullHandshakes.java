package io.rootstock.service.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.rootstock.client.tls.ReloadedTls;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import javax.net.ssl.SSLException;

/** The JDK's TLS without long sessions, which Vert.x has no option for. */
final class FullHandshakes extends JdkSSLEngineOptions {
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
