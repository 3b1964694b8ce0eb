package io.rootstock.client;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;

/**
 * Address of a service.
 *
 * @param host host name or IP address
 * @param port port, 1 to 65535
 */
public record Endpoint(String host, int port) {
    /**
     * Parses {@code host:port}.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static Endpoint parse(String endpoint) {
        try {
            HostAndPort parts = HostAndPort.fromString(endpoint).requireBracketsForIPv6();
            if (parts.hasPort() && parts.getPort() > 0 && !parts.getHost().isBlank()) {
                return new Endpoint(parts.getHost(), parts.getPort());
            }
        } catch (IllegalArgumentException e) {
            // The exception below states the expected format.
        }
        throw new IllegalArgumentException(
                "an endpoint is host:port, for example 127.0.0.1:7401, not '" + endpoint + "'");
    }

    /** Whether the host is this machine. */
    public boolean isLoopback() {
        return host.equals("localhost")
                || (InetAddresses.isInetAddress(host)
                        && InetAddresses.forString(host).isLoopbackAddress());
    }

    @Override
    public String toString() {
        return HostAndPort.fromParts(host, port).toString();
    }
}
