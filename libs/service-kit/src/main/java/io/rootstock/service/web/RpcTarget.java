package io.rootstock.service.web;

import io.grpc.Channel;
import io.grpc.ServiceDescriptor;

/**
 * A gRPC service and the channel that reaches it.
 *
 * @param service descriptor of the contract
 * @param channel channel without credentials: each call carries those of its caller
 */
public record RpcTarget(ServiceDescriptor service, Channel channel) {}
