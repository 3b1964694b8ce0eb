package io.rootstock.service.web;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * The connection of an HTTP request. Interceptors see it as the transport of the in-process call, so that the audit log has
 * the address of the client and rules about client certificates apply.
 *
 * @param address address of the client; empty: not an IP address
 * @param session TLS session; empty: no TLS
 */
record WebPeer(Optional<SocketAddress> address, Optional<SSLSession> session) {
    /** Carries the object itself within the process; it has no serialized form. */
    static final Metadata.Key<WebPeer> HEADER = Metadata.Key.of("rootstock-web-peer-bin", new ByReference());

    static WebPeer of(HttpServerRequest request) {
        return new WebPeer(address(request.remoteAddress()), Optional.ofNullable(request.sslSession()));
    }

    /** Address of the client without its port; empty: not an IP address. */
    Optional<String> host() {
        return address.map(found -> ((InetSocketAddress) found).getHostString());
    }

    private static Optional<SocketAddress> address(io.vertx.core.net.SocketAddress remote) {
        if (remote == null || remote.hostAddress() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(remote.hostAddress()), remote.port()));
        } catch (IllegalArgumentException e) {
            // A proxy may put a name into its header.
            return Optional.of(InetSocketAddress.createUnresolved(remote.hostAddress(), Math.max(0, remote.port())));
        }
    }

    private Attributes in(Attributes attributes) {
        Attributes.Builder builder = attributes.toBuilder();
        address.ifPresent(value -> builder.set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, value));
        session.ifPresent(value -> builder.set(Grpc.TRANSPORT_ATTR_SSL_SESSION, value));
        return builder.build();
    }

    /** Outermost interceptor of in-process calls: replaces the attributes of the transport. */
    static final class AsTransport implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            WebPeer peer = headers.get(HEADER);
            headers.discardAll(HEADER);
            if (peer == null) {
                return next.startCall(call, headers);
            }
            Attributes attributes = peer.in(call.getAttributes());
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public Attributes getAttributes() {
                            return attributes;
                        }
                    },
                    headers);
        }
    }

    private static final class ByReference implements Metadata.BinaryStreamMarshaller<WebPeer> {
        @Override
        public InputStream toStream(WebPeer peer) {
            return new Carrier(peer);
        }

        @Override
        public WebPeer parseStream(InputStream stream) {
            if (stream instanceof Carrier carrier) {
                return carrier.peer;
            }
            throw new IllegalArgumentException("a peer does not come from another process");
        }
    }

    private static final class Carrier extends ByteArrayInputStream {
        private final WebPeer peer;

        Carrier(WebPeer peer) {
            super(new byte[0]);
            this.peer = peer;
        }
    }
}
