package io.rootstock.service.lifecycle;

import io.grpc.Server;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Ends the calls and connections of gRPC servers: {@link #refuse}, then {@link #finish}. */
final class GrpcDrain {
    private static final Logger LOG = Logger.getLogger(GrpcDrain.class);

    /** Time for GOAWAY to arrive, in which calls that clients have sent before are served. */
    private static final Duration GOAWAY_TIME = Duration.ofSeconds(1);

    /** Time for the errors of ended calls to be sent. */
    private static final Duration FLUSH_TIME = Duration.ofSeconds(1);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final List<Server> servers;
    private final CallsInFlight calls;

    GrpcDrain(List<Server> servers, CallsInFlight calls) {
        this.servers = List.copyOf(servers);
        this.calls = calls;
    }

    /**
     * Closes the listeners and sends GOAWAY, and ends the streams that watch changes. Returns when no client sends calls any
     * more, after at most a second.
     */
    void refuse() throws InterruptedException {
        servers.forEach(Server::shutdown);
        calls.endWatches();
        boolean _ = hasEnded(GOAWAY_TIME);
    }

    /** Waits for the calls in flight, at most {@code grace}, and ends the others with UNAVAILABLE. */
    void finish(Duration grace) throws InterruptedException {
        long end = System.nanoTime() + grace.toNanos();
        while (!calls.isEmpty() && System.nanoTime() - end < 0) {
            if (hasEnded(BETWEEN_LOOKS)) {
                return;
            }
        }
        int late = calls.endAll();
        if (late > 0) {
            LOG.infof("%d gRPC calls did not finish in time", late);
        }
        // A client that does not read its error sees UNAVAILABLE when the process ends: its connection is lost.
        // Aborting the server here would send it CANCELLED.
        boolean _ = hasEnded(FLUSH_TIME);
    }

    private boolean hasEnded(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        for (Server server : servers) {
            if (!server.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }
}
