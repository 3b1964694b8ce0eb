package io.rootstock.service;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Errors of the services: a {@code google.rpc.Status} with an {@code ErrorInfo} of the domain {@value #DOMAIN}, and
 * details for the client program. Throw them. A message is for a person and says what to do; a reason is for a program
 * and never changes.
 */
public final class Errors {
    /** Domain of every {@code ErrorInfo}. */
    public static final String DOMAIN = "rootstock";

    /** Longest text that an error quotes or has, in characters: clients refuse headers of more than 8 KiB. */
    private static final int MAX_PART_LENGTH = 500;

    private static final int MAX_MESSAGE_LENGTH = 1000;
    private static final int MAX_VIOLATIONS = 8;

    private Errors() {}

    /**
     * INVALID_ARGUMENT for one field.
     *
     * @param field its path in the request, for example {@code sources[0].weight}
     * @param description violation, for example {@code must be at least 0, was -1}
     */
    public static StatusRuntimeException invalidArgument(String field, String description) {
        return invalidArguments(Map.of(field, description));
    }

    /** INVALID_ARGUMENT for several fields at once: path to description. */
    public static StatusRuntimeException invalidArguments(Map<String, String> violations) {
        return invalidArguments("INVALID_FIELD", violations);
    }

    /** INVALID_ARGUMENT with a reason on which client programs act. */
    public static StatusRuntimeException invalidArguments(String reason, Map<String, String> violations) {
        BadRequest.Builder request = BadRequest.newBuilder();
        StringBuilder message = new StringBuilder();
        violations.forEach((field, whole) -> {
            String description = shortened(whole, MAX_PART_LENGTH);
            request.addFieldViolations(
                    BadRequest.FieldViolation.newBuilder().setField(field).setDescription(description));
            message.append(message.isEmpty() ? "" : "; ")
                    .append(field)
                    .append(": ")
                    .append(description);
        });
        return exception(
                Code.INVALID_ARGUMENT,
                reason,
                message.toString(),
                Map.of("field", String.join(",", violations.keySet())),
                List.of(request.build()));
    }

    /**
     * NOT_FOUND for a resource.
     *
     * @param resource resource name, for example {@code datasets/x}
     * @param remedy what to do, for example {@code list the datasets with `rootstock dataset list`}
     */
    public static StatusRuntimeException notFound(String resource, String remedy) {
        return ofResource(Code.NOT_FOUND, "RESOURCE_NOT_FOUND", resource, resource + " does not exist; " + remedy);
    }

    /** ALREADY_EXISTS; see {@link #notFound} for the arguments. */
    public static StatusRuntimeException alreadyExists(String resource, String remedy) {
        return ofResource(
                Code.ALREADY_EXISTS, "RESOURCE_ALREADY_EXISTS", resource, resource + " exists already; " + remedy);
    }

    /** FAILED_PRECONDITION: the resource is in the wrong state for this call. */
    public static StatusRuntimeException failedPrecondition(String reason, String message) {
        return exception(Code.FAILED_PRECONDITION, reason, message, Map.of(), List.of());
    }

    /** FAILED_PRECONDITION with what has to change, at most 8 violations. */
    public static StatusRuntimeException failedPrecondition(
            String reason, String message, List<PreconditionFailure.Violation> violations) {
        PreconditionFailure.Builder failure = PreconditionFailure.newBuilder();
        violations.stream()
                .limit(MAX_VIOLATIONS)
                .forEach(violation -> failure.addViolations(
                        violation.toBuilder().setDescription(shortened(violation.getDescription(), MAX_PART_LENGTH))));
        return exception(Code.FAILED_PRECONDITION, reason, message, Map.of(), List.of(failure.build()));
    }

    /** ABORTED: a concurrent write was faster (outdated etag); read again and retry. */
    public static StatusRuntimeException aborted(String reason, String message) {
        return exception(Code.ABORTED, reason, message, Map.of(), List.of());
    }

    /** PERMISSION_DENIED with a reason. */
    public static StatusRuntimeException permissionDenied(String reason, String message) {
        return exception(Code.PERMISSION_DENIED, reason, message, Map.of(), List.of());
    }

    /** RESOURCE_EXHAUSTED: a queue or limit is full; retry after {@code retryAfter}. */
    public static StatusRuntimeException resourceExhausted(String reason, String message, Duration retryAfter) {
        return exception(Code.RESOURCE_EXHAUSTED, reason, message, Map.of(), List.of(retryInfo(retryAfter)));
    }

    /** RESOURCE_EXHAUSTED with a message derived from the reason and the delay. */
    public static StatusRuntimeException resourceExhausted(String reason, Duration retryAfter) {
        String words = reason.toLowerCase(Locale.ROOT).replace('_', ' ');
        return resourceExhausted(reason, words + "; retry in " + retryAfter.toMillis() + " ms", retryAfter);
    }

    /** RESOURCE_EXHAUSTED: a file could not be written, and what had been written of it is removed. */
    public static StatusRuntimeException diskFull() {
        return exception(
                Code.RESOURCE_EXHAUSTED,
                "DISK_FULL",
                "the service's disk is full; free space on it, for example with `rootstock prune`, and repeat the call",
                Map.of(),
                List.of());
    }

    /** UNAVAILABLE: the service is draining, or a dependency is unavailable; a retry may succeed. */
    public static StatusRuntimeException unavailable(String reason, String message) {
        return exception(Code.UNAVAILABLE, reason, message, Map.of(), List.of(retryInfo(Duration.ofSeconds(1))));
    }

    /** UNIMPLEMENTED: the service has no such method, or not in this form. */
    public static StatusRuntimeException unimplemented(String reason, String message) {
        return exception(Code.UNIMPLEMENTED, reason, message, Map.of(), List.of());
    }

    /** DATA_LOSS: stored data is corrupt. */
    public static StatusRuntimeException dataLoss(String reason, String message) {
        return exception(Code.DATA_LOSS, reason, message, Map.of(), List.of());
    }

    /** UNAUTHENTICATED: the call has no valid token. */
    public static StatusRuntimeException unauthenticated(String message) {
        return exception(Code.UNAUTHENTICATED, "TOKEN_REQUIRED", message, Map.of(), List.of());
    }

    /** PERMISSION_DENIED: the caller lacks a role. */
    public static StatusRuntimeException permissionDenied(String message) {
        return exception(Code.PERMISSION_DENIED, "ROLE_REQUIRED", message, Map.of(), List.of());
    }

    /** INTERNAL: a bug. The client receives only the id under which it is logged. */
    public static StatusRuntimeException internal(String id) {
        return exception(
                Code.INTERNAL,
                "INTERNAL",
                "internal error; the service's log has the cause under id " + id,
                Map.of("id", id),
                List.of());
    }

    private static StatusRuntimeException ofResource(Code code, String reason, String name, String message) {
        String resource = shortened(name, MAX_PART_LENGTH);
        ResourceInfo info = ResourceInfo.newBuilder()
                .setResourceName(resource)
                .setDescription(shortened(message, MAX_PART_LENGTH))
                .build();
        return exception(code, reason, message, Map.of("resource", resource), List.of(info));
    }

    private static RetryInfo retryInfo(Duration delay) {
        return RetryInfo.newBuilder()
                .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(delay.toSeconds())
                        .setNanos(delay.toNanosPart()))
                .build();
    }

    private static String shortened(String text, int longest) {
        return text.length() > longest ? text.substring(0, longest) + "..." : text;
    }

    private static StatusRuntimeException exception(
            Code code, String reason, String message, Map<String, String> metadata, List<? extends Message> details) {
        Status.Builder status = Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(shortened(message, MAX_MESSAGE_LENGTH))
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(reason)
                        .putAllMetadata(metadata)
                        .build()));
        details.forEach(detail -> status.addDetails(Any.pack(detail)));
        return StatusProto.toStatusRuntimeException(status.build());
    }
}
