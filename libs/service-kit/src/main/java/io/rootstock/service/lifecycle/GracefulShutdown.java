package io.rootstock.service.lifecycle;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.rootstock.service.ShutdownState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/**
 * Ends calls and connections at SIGTERM, before anything else of the service stops: reports NOT_SERVING and takes calls for
 * {@code rootstock.shutdown.lame-duck}; then refuses connections, sends GOAWAY, after which clients move to other services
 * without a failed call, and waits for the calls in flight.
 */
@ApplicationScoped
class GracefulShutdown {
    private static final Logger LOG = Logger.getLogger(GracefulShutdown.class);

    private final ShutdownSettings settings;
    private final ShutdownState state;
    private final CallsInFlight calls;
    private final Event<NewCallsEnded> newCallsEnded;

    @Inject
    GracefulShutdown(
            ShutdownSettings settings, ShutdownState state, CallsInFlight calls, Event<NewCallsEnded> newCallsEnded) {
        this.settings = settings;
        this.state = state;
        this.calls = calls;
        this.newCallsEnded = newCallsEnded;
    }

    void stop(@Observes ShutdownDelayInitiatedEvent event) {
        state.begin();
        try {
            if (settings.lameDuck().isPositive()) {
                LOG.infof(
                        "stopping: calls are accepted for another %s ms",
                        settings.lameDuck().toMillis());
                Thread.sleep(settings.lameDuck());
            }
            GrpcDrain drain = new GrpcDrain(calls.servers(), calls);
            drain.refuse();
            newCallsEnded.fire(new NewCallsEnded());
            drain.finish(settings.grace());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
