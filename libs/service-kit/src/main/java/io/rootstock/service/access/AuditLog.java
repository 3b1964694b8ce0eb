package io.rootstock.service.access;

import java.util.List;

/** Log of the calls with side effects. Its methods may block. */
public interface AuditLog {
    /**
     * A call that begins.
     *
     * @param principal name of the caller
     * @param peer address of the caller, without its port
     * @param method full name, {@code package.Service/Method}
     * @param resources names of the resources in the request
     * @param request request as JSON, shortened and without secrets
     * @param reason the caller's reason; empty: none
     * @param before first resource before the call, as JSON; empty: none
     */
    record Entry(
            String principal,
            String peer,
            String method,
            List<String> resources,
            String request,
            String reason,
            String before) {
        public Entry {
            resources = List.copyOf(resources);
        }
    }

    /**
     * Stores a call before it does anything; if this fails, the call is refused.
     *
     * @return number of the entry
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if the entry cannot be stored
     */
    long begin(Entry entry);

    /**
     * Stores how a call ended.
     *
     * @param number as returned by {@link #begin}
     * @param status gRPC status
     * @param after response as JSON, shortened and without secrets; empty: none
     */
    void end(long number, String status, String after);
}
