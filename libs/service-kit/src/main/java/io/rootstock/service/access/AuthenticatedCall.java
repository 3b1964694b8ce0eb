package io.rootstock.service.access;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ServerCall;
import java.util.Optional;

/**
 * A call with its caller. Quarkus starts methods on other threads without the gRPC context of the outer interceptors, so that
 * the caller has to be part of the call.
 */
final class AuthenticatedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private static final Attributes.Key<Caller> CALLER = Attributes.Key.create("rootstock-caller");

    private final Attributes attributes;

    AuthenticatedCall(ServerCall<Q, R> call, Caller caller) {
        super(call);
        attributes = call.getAttributes().toBuilder().set(CALLER, caller).build();
    }

    /** Returns the caller of a call; empty if it was not authenticated. */
    static Optional<Caller> caller(ServerCall<?, ?> call) {
        return Optional.ofNullable(call.getAttributes().get(CALLER));
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }
}
