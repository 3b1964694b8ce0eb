package io.rootstock.service;

import io.grpc.StatusRuntimeException;
import jakarta.enterprise.context.ApplicationScoped;

/** Whether the service is stopping: since SIGTERM. */
@ApplicationScoped
public class ShutdownState {
    private volatile boolean begun;

    /** Whether the service is stopping. It may still take calls, but clients must choose another one. */
    public boolean hasBegun() {
        return begun;
    }

    /** Called when the service begins to stop. */
    public void begin() {
        begun = true;
    }

    /** UNAVAILABLE with the reason DRAINING, the error of a call that the stop of the service refuses or ends. */
    public static StatusRuntimeException refusal() {
        return Errors.unavailable(
                "DRAINING", "the service is stopping; another one, or this one restarted, will answer");
    }
}
