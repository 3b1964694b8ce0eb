package io.rootstock.cli.installation;

/**
 * Status of a service.
 *
 * @param health SERVING, NOT_SERVING, UNREACHABLE or STOPPED
 * @param version Rootstock version that started the service; empty if stopped
 * @param pid process ID; 0 if stopped
 * @param endpoint gRPC endpoint; empty if never started
 * @param httpPort HTTP port; 0 if never started
 */
public record ServiceStatus(Service service, Health health, String version, long pid, String endpoint, int httpPort) {

    public enum Health {
        /** The health check succeeds. */
        SERVING,
        /** Starting or draining. */
        NOT_SERVING,
        /** The process is running but does not respond. */
        UNREACHABLE,
        /** The process does not exist. */
        STOPPED
    }
}
