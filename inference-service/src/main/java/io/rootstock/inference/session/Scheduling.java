package io.rootstock.inference.session;

import io.rootstock.service.Errors;
import java.util.UUID;

/**
 * Id and queue priority of a request.
 *
 * @param requestId the id for Abort, sent by the client or generated
 * @param priority -100 to 100; requests of higher priority leave the queue first
 */
public record Scheduling(String requestId, int priority) {
    private static final int MAX_REQUEST_ID_LENGTH = 128;
    private static final int MAX_PRIORITY = 100;

    /**
     * Checks the fields {@code request_id} and {@code priority} of a request.
     *
     * @param requestId empty: an id is generated
     * @param prefix prefix of the fields in errors, such as {@code options.}; may be empty
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with the field that is invalid
     */
    public static Scheduling of(String requestId, int priority, String prefix) {
        // Written so that the smallest integer, whose absolute value is negative, is rejected too.
        if (priority < -MAX_PRIORITY || priority > MAX_PRIORITY) {
            throw Errors.invalidArgument(prefix + "priority", "must be -100 to 100, was " + priority);
        }
        if (requestId.length() > MAX_REQUEST_ID_LENGTH || !requestId.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw Errors.invalidArgument(
                    prefix + "request_id",
                    "must have at most " + MAX_REQUEST_ID_LENGTH + " printable ASCII characters without blanks");
        }
        return new Scheduling(requestId.isEmpty() ? UUID.randomUUID().toString() : requestId, priority);
    }
}
