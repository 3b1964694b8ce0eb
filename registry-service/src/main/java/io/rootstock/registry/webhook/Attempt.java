package io.rootstock.registry.webhook;

import com.google.protobuf.Timestamp;
import io.rootstock.registry.v1.WebhookAttempt;
import java.time.Instant;

/**
 * One request to an endpoint.
 *
 * @param status HTTP status; 0: no response
 * @param error reason; empty if there is a response
 * @param seconds time until the response or the error
 */
record Attempt(Instant time, int status, String error, double seconds) {
    private static final int GONE = 410;

    /** Returns true if the endpoint accepted the event. */
    boolean succeeded() {
        return status >= 200 && status < 300;
    }

    /** Returns true if the endpoint wants no further events. */
    boolean gone() {
        return status == GONE;
    }

    WebhookAttempt toProto() {
        return WebhookAttempt.newBuilder()
                .setTime(
                        Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()))
                .setStatus(status)
                .setError(error)
                .setSeconds(seconds)
                .build();
    }

    @Override
    public String toString() {
        return status == 0 ? error : "status " + status;
    }
}
