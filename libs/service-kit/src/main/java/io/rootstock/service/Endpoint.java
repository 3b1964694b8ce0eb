package io.rootstock.service;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;

/**
 * Where a service listens.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
record Endpoint(String host, int port) {
    /** Reads {@code host:port}. */
    static Endpoint parse(String endpoint) {
        try {
            HostAndPort parts = HostAndPort.fromString(endpoint).requireBracketsForIPv6();
            if (parts.hasPort() && parts.getPort() > 0 && !parts.getHost().isBlank()) {
                return new Endpoint(parts.getHost(), parts.getPort());
            }
        } catch (IllegalArgumentException e) {
            // Said below, with the form that is wanted.
        }
        throw new IllegalArgumentException(
                "an endpoint is host:port, for example 127.0.0.1:7401, not '" + endpoint + "'");
    }

    boolean isLoopback() {
        return host.equals("localhost")
                || (InetAddresses.isInetAddress(host)
                        && InetAddresses.forString(host).isLoopbackAddress());
    }

    @Override
    public String toString() {
        return HostAndPort.fromParts(host, port).toString();
    }
}
