package io.rootstock.inference.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.rpc.BadRequest;
import com.google.rpc.ResourceInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.StrayExceptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * An error in the format of OpenAI's API.
 *
 * @param status HTTP status
 * @param retryAfter time after which the request may succeed
 * @param body response body
 */
public record ApiError(int status, Optional<Duration> retryAfter, Body body) {
    private static final int INSUFFICIENT_STORAGE = 507;
    private static final String INVALID_REQUEST = "invalid_request_error";

    /** The JSON response. */
    @RegisterForReflection
    record Body(Description error) {}

    /**
     * The error object.
     *
     * @param message text for users
     * @param type OpenAI's type of the error
     * @param param the invalid field; null if there is none
     * @param code machine-readable code
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Description(String message, String type, String param, String code) {}

    /** Text for users. */
    public String message() {
        return body.error.message;
    }

    /** An invalid HTTP request. */
    public static ApiError request(int status, String code, String message) {
        return new ApiError(status, Optional.empty(), new Body(new Description(message, INVALID_REQUEST, null, code)));
    }

    /** The error for an exception; an internal error is logged, and only its id is returned. */
    public static ApiError of(Throwable failure) {
        if (failure instanceof JsonProcessingException bad) {
            return request(400, "invalid_json", "the body must be one JSON object: " + bad.getOriginalMessage());
        }
        StatusRuntimeException told = StrayExceptions.toStatus(failure);
        int status = ErrorDetails.reason(told).equals(Optional.of("DISK_FULL"))
                ? INSUFFICIENT_STORAGE
                : status(told.getStatus().getCode());
        String param = param(told);
        return new ApiError(
                status,
                ErrorDetails.retryAfter(told),
                new Body(new Description(told.getStatus().getDescription(), type(status), param, code(told, param))));
    }

    private static int status(Status.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case OK, CANCELLED, UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }

    private static String type(int status) {
        return status == 429 ? "rate_limit_error" : status < 500 ? INVALID_REQUEST : "server_error";
    }

    private static String param(StatusRuntimeException failure) {
        Optional<String> field = ErrorDetails.find(failure, BadRequest.class)
                .map(request -> request.getFieldViolations(0).getField());
        return field.or(() -> ErrorDetails.find(failure, ResourceInfo.class)
                        .map(resource -> noun(resource.getResourceName())))
                .orElse(null);
    }

    private static String noun(String resource) {
        if (resource.contains("/adapters/")) {
            return "adapter";
        }
        return switch (resource.substring(0, Math.max(0, resource.indexOf('/')))) {
            case "files" -> "file";
            case "uploads" -> "upload";
            case "fineTuningJobs" -> "fine_tuning_job";
            default -> "model";
        };
    }

    /** The contract's ErrorInfo reason, or OpenAI's code if it has one for that reason. */
    private static String code(StatusRuntimeException failure, String param) {
        String reason = ErrorDetails.reason(failure).orElse("INTERNAL");
        return switch (reason) {
            case "INVALID_FIELD" -> "invalid_value";
            case "TOKEN_REQUIRED" -> "invalid_api_key";
            case "RESOURCE_NOT_FOUND" -> param + "_not_found";
            default -> reason.toLowerCase(Locale.ROOT);
        };
    }
}
