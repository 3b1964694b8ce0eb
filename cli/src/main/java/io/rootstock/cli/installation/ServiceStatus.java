package io.rootstock.cli.installation;

import java.util.List;

/**
 * Status of a service.
 *
 * @param health SERVING, NOT_SERVING, UNREACHABLE or STOPPED
 * @param version Rootstock version that started the service; empty if stopped
 * @param pid process ID; 0 if stopped
 * @param endpoint gRPC endpoint; empty if never started, or without a gRPC server
 * @param httpPort HTTP port; 0 if never started
 * @param brokenLinks services that it calls at a port that they do not use, each with both ports
 * @param restarts what has happened to it under the supervisor
 */
public record ServiceStatus(
        Service service,
        Health health,
        String version,
        long pid,
        String endpoint,
        int httpPort,
        List<String> brokenLinks,
        SupervisorRecord.Restarts restarts) {

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
