package io.rootstock.service.access;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.rootstock.client.TokenCredentials;
import io.rootstock.service.BearerToken;
import java.util.Optional;

/** Forwards the token of the current request's caller, so that another service decides what the caller may do. */
public final class CallerToken implements ClientInterceptor {
    private static final Context.Key<String> AUTHORIZATION = Context.key("authorization");

    private final BearerToken installation;

    /** Forwards callers' tokens; a service's own loops send the installation's token. */
    public CallerToken(BearerToken installation) {
        this.installation = installation;
    }

    /**
     * Returns a context whose current caller sent this header.
     *
     * @param authorization the header; null: none
     */
    public static Context in(Context context, String authorization) {
        return authorization == null ? context : context.withValue(AUTHORIZATION, authorization);
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        Optional<String> authorization = Optional.ofNullable(AUTHORIZATION.get())
                .or(() -> installation.current().map(token -> TokenCredentials.SCHEME + token));
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                authorization.ifPresent(value -> headers.put(TokenCredentials.AUTHORIZATION, value));
                super.start(listener, headers);
            }
        };
    }
}
