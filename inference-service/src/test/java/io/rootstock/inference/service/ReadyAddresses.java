package io.rootstock.inference.service;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Resolves {@code ready:///any} to the addresses that are ready, as the DNS name of a headless service in Kubernetes: at the
 * start, and when the client has lost a connection.
 */
final class ReadyAddresses extends NameResolverProvider {
    static final String TARGET = "ready:///any";

    private final Supplier<List<InetSocketAddress>> ready;

    ReadyAddresses(Supplier<List<InetSocketAddress>> ready) {
        this.ready = ready;
    }

    @Override
    public String getDefaultScheme() {
        return "ready";
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 5;
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return Set.of(InetSocketAddress.class);
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args arguments) {
        return new NameResolver() {
            private Listener2 listener;

            @Override
            public String getServiceAuthority() {
                return "any";
            }

            @Override
            public void start(Listener2 receiver) {
                listener = receiver;
                refresh();
            }

            @Override
            public void refresh() {
                listener.onResult(ResolutionResult.newBuilder()
                        .setAddressesOrError(StatusOr.fromValue(ready.get().stream()
                                .map(EquivalentAddressGroup::new)
                                .toList()))
                        .build());
            }

            @Override
            public void shutdown() {
                // Holds nothing.
            }
        };
    }
}
