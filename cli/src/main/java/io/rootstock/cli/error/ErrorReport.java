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
 * A service's error in the words of its google.rpc.Status.
 *
 * @param code gRPC code, such as INVALID_ARGUMENT
 * @param reason the ErrorInfo reason, for programs; may be empty
 * @param message for people
 * @param fields bad fields: path to what is wrong with it
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
                    hint = "try again in %.1f s".formatted(delay.getSeconds() + delay.getNanos() * 1e-9);
                }
            }
        } catch (InvalidProtocolBufferException unreadable) {
            hint = "";
        }
        String message = failure.getStatus().getDescription();
        if (unreachable(failure)) {
            message = "no service answers" + address(failure);
            hint = "start the services with: rootstock up (rootstock status shows them);"
                    + " or name another place, for example --registry-endpoint HOST:PORT";
        }
        return new ErrorReport(code, reason, message == null ? "no message" : message, fields, hint);
    }

    /** The report as lines for a person. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (fields.isEmpty()) {
            lines.add("error: " + message);
        } else {
            lines.add("error: the request was refused");
            fields.forEach((field, description) -> lines.add("  " + field + ": " + description));
        }
        if (!hint.isEmpty()) {
            lines.add("  hint: " + hint);
        }
        lines.add("  (" + code + (reason.isEmpty() ? "" : ", " + reason) + ")");
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
