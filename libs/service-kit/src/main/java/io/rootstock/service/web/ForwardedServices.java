package io.rootstock.service.web;

import io.grpc.Channel;
import io.grpc.ServiceDescriptor;
import java.util.List;

/** gRPC services of other processes that can be called at the HTTP port of this one. A bean implements it. */
public interface ForwardedServices {
    /** Returns the services; those that this process has itself are ignored. */
    List<RpcTarget> targets();

    /**
     * A gRPC service and the channel that reaches it.
     *
     * @param service descriptor of the contract
     * @param channel channel without credentials: each call carries those of its caller
     */
    record RpcTarget(ServiceDescriptor service, Channel channel) {}
}
