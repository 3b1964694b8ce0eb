package io.rootstock.cli.error;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A failed call, read from its {@code google.rpc.Status}.
 *
 * @param code gRPC code, such as INVALID_ARGUMENT
 * @param reason reason of the ErrorInfo; may be empty
 * @param message error message
 * @param fields invalid fields: path to description
 * @param hint what to do; may be empty
 */
public record ErrorReport(String code, String reason, String message, Map<String, String> fields, String hint) {

    /** Reads the details of a failed call. */
    public static ErrorReport of(StatusRuntimeException failure) {
        String code = failure.getStatus().getCode().name();
        String reason = "";
        Map<String, String> fields = new LinkedHashMap<>();
        String hint = "";
        Status status = StatusProto.fromThrowable(failure);
        try {
            for (Any detail : status == null ? List.<Any>of() : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    reason = detail.unpack(ErrorInfo.class).getReason();
                } else if (detail.is(BadRequest.class)) {
                    for (BadRequest.FieldViolation field :
                            detail.unpack(BadRequest.class).getFieldViolationsList()) {
                        fields.put(field.getField(), field.getDescription());
                    }
                } else if (detail.is(RetryInfo.class)) {
                    com.google.protobuf.Duration delay =
                            detail.unpack(RetryInfo.class).getRetryDelay();
                    hint = "retry after %.1f s".formatted(delay.getSeconds() + delay.getNanos() * 1e-9);
                }
            }
        } catch (InvalidProtocolBufferException unreadable) {
            hint = "";
        }
        if (failure.getStatus().getCode() == io.grpc.Status.Code.UNAUTHENTICATED) {
            hint = "set --token-file FILE, ROOTSTOCK_TOKEN or ROOTSTOCK_AUTH_TOKEN_FILE";
        } else if (isAccessDenied(failure)) {
            hint = "see your roles with: rootstock whoami";
        }
        String message = failure.getStatus().getDescription();
        if (unreachable(failure)) {
            message = "service unavailable" + address(failure);
            hint =
                    "start the services with `rootstock up`, or set the endpoint, for example --registry-endpoint HOST:PORT";
        } else if (connectionLost(failure, status)) {
            message = "the connection to the service was lost during the call (" + message + ")";
            hint = "see `rootstock status`; the service may have done what was requested: check before you repeat it";
        }
        return new ErrorReport(code, reason, message == null ? "no message" : message, fields, hint);
    }

    /** Whether the caller is unknown or lacks a role. */
    public static boolean isAccessDenied(Throwable failure) {
        return failure instanceof StatusRuntimeException status
                && switch (status.getStatus().getCode()) {
                    case UNAUTHENTICATED, PERMISSION_DENIED -> true;
                    default -> false;
                };
    }

    /** The lines to print. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (fields.isEmpty()) {
            lines.add("error: " + message);
        } else {
            lines.add("error: invalid request");
            fields.forEach((field, description) -> lines.add("  " + field + ": " + description));
        }
        if (!hint.isEmpty()) {
            lines.add("hint: " + hint);
        }
        lines.add("code: " + code + (reason.isEmpty() ? "" : " (" + reason + ")"));
        return lines;
    }

    private static boolean unreachable(StatusRuntimeException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof java.net.UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    /** gRPC itself reports a lost connection, without the details that the services' errors have. */
    private static boolean connectionLost(StatusRuntimeException failure, Status status) {
        return failure.getStatus().getCode() == io.grpc.Status.Code.UNAVAILABLE
                && (status == null || status.getDetailsCount() == 0);
    }

    private static String address(StatusRuntimeException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            int at = text.lastIndexOf('/');
            if (cause instanceof ConnectException && at >= 0) {
                return " at " + text.substring(at + 1);
            }
        }
        return "";
    }
}
