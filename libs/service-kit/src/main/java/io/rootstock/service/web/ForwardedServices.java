package io.rootstock.service.web;

import java.util.List;

/** gRPC services of other processes that can be called at the HTTP port of this one. A bean implements it. */
public interface ForwardedServices {
    /** Returns the services; those that this process has itself are ignored. */
    List<RpcTarget> targets();
}
