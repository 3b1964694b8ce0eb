package io.rootstock.service.lifecycle;

import io.quarkus.grpc.runtime.GrpcServerRecorder;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Stops the start of a service whose gRPC server does not listen: the framework logs the failure and continues without the
 * server, and the process would live without serving a call.
 */
@ApplicationScoped
class GrpcServerStart {
    /** Before the observers that start the service; the server starts before all of them. */
    private static final int FIRST = 0;

    /** The framework counts a server just after it has reported its start, in another thread. */
    private static final Duration COUNTED_LIMIT = Duration.ofSeconds(5);

    private static final long POLL_NANOS = 1_000_000;

    private final String address;

    @Inject
    GrpcServerStart(
            @ConfigProperty(name = "quarkus.grpc.server.host") Optional<String> host,
            @ConfigProperty(name = "quarkus.grpc.server.port") Optional<Integer> port) {
        this.address = host.orElse("") + ":" + port.map(String::valueOf).orElse("");
    }

    void check(@Observes @Priority(FIRST) StartupEvent event) {
        long end = System.nanoTime() + COUNTED_LIMIT.toNanos();
        while (!GrpcServerRecorder.getServices().isEmpty() && GrpcServerRecorder.getVerticleCount() == 0) {
            if (System.nanoTime() < end) {
                LockSupport.parkNanos(POLL_NANOS);
                continue;
            }
            throw new IllegalStateException("the gRPC server could not start on " + address
                    + "; the log has the cause, such as a port in use; set QUARKUS_GRPC_SERVER_PORT to a free port");
        }
    }
}
