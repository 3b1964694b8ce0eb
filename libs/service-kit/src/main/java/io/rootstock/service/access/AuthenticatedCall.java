package io.rootstock.service.access;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ServerCall;

/**
 * A call whose caller is known. The caller is an attribute of the call: between the first and the last interceptor, Quarkus
 * changes threads and does not always keep the gRPC context.
 */
final class AuthenticatedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    static final Attributes.Key<Caller> CALLER = Attributes.Key.create("caller");

    private final Caller caller;

    AuthenticatedCall(ServerCall<Q, R> call, Caller caller) {
        super(call);
        this.caller = caller;
    }

    @Override
    public Attributes getAttributes() {
        return super.getAttributes().toBuilder().set(CALLER, caller).build();
    }
}
