package io.rootstock.service.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.rootstock.service.ErrorDetails;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An error of the Connect protocol: the status and the details of the gRPC error.
 *
 * @param error the gRPC error
 */
record ConnectError(StatusRuntimeException error) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE_PREFIX = "type.googleapis.com/";

    /** Details that are also shown as JSON: those of {@link io.rootstock.service.Errors}. */
    private static final List<Class<? extends Message>> READABLE =
            List.of(ErrorInfo.class, BadRequest.class, PreconditionFailure.class, ResourceInfo.class, RetryInfo.class);

    static ConnectError of(Status status, Metadata trailers) {
        return new ConnectError(status.asRuntimeException(trailers));
    }

    private Status.Code code() {
        return error.getStatus().getCode();
    }

    /** HTTP status of a unary response. */
    int httpStatus() {
        return switch (code()) {
            case OK -> 200;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case CANCELLED -> 499;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
        };
    }

    /** Delay before a retry, for the header {@code Retry-After}. */
    Optional<Duration> retryAfter() {
        return ErrorDetails.retryAfter(error);
    }

    /** Body of a unary response. */
    byte[] body() {
        return bytes(json());
    }

    /** Last message of a stream. */
    byte[] endOfStream() {
        ObjectNode end = JSON.createObjectNode();
        end.set("error", json());
        return bytes(end);
    }

    private ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("code", name(code()));
        if (error.getStatus().getDescription() != null) {
            json.put("message", error.getStatus().getDescription());
        }
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        if (status != null) {
            status.getDetailsList()
                    .forEach(detail -> json.withArrayProperty("details").add(json(detail)));
        }
        return json;
    }

    private static ObjectNode json(Any detail) {
        String url = detail.getTypeUrl();
        ObjectNode json = JSON.createObjectNode()
                .put("type", url.startsWith(TYPE_PREFIX) ? url.substring(TYPE_PREFIX.length()) : url)
                .put(
                        "value",
                        Base64.getEncoder()
                                .withoutPadding()
                                .encodeToString(detail.getValue().toByteArray()));
        for (Class<? extends Message> type : READABLE) {
            if (detail.is(type)) {
                try {
                    json.set("debug", JSON.readTree(JsonFormat.printer().print(detail.unpack(type))));
                } catch (InvalidProtocolBufferException | JsonProcessingException e) {
                    throw new IllegalStateException("a detail of an error cannot be converted to JSON", e);
                }
            }
        }
        return json;
    }

    /** The protocol's name of a code: in lower case, and American English. */
    private static String name(Status.Code code) {
        return code == Status.Code.CANCELLED ? "canceled" : code.name().toLowerCase(Locale.ROOT);
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON of texts can be written", e);
        }
    }
}
