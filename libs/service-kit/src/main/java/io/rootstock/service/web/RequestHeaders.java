package io.rootstock.service.web;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.rootstock.client.CallReason;
import io.rootstock.client.TokenCredentials;
import io.rootstock.service.Errors;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Headers of a call.
 *
 * @param timeout time after which the call ends with DEADLINE_EXCEEDED; empty: none
 * @param reason the caller's reason, UTF-8; empty: none
 */
record RequestHeaders(Optional<Duration> timeout, Optional<byte[]> reason) {
    private static final String TIMEOUT = "Connect-Timeout-Ms";
    private static final Pattern MILLISECONDS = Pattern.compile("\\d{1,10}");
    private static final List<String> ENCODINGS = List.of("Content-Encoding", "Connect-Content-Encoding");
    /** Headers of tracing (W3C Trace Context), which methods read. */
    private static final List<String> PASSED_ON = List.of("traceparent", "tracestate");

    /**
     * Reads the headers.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT if one is invalid, UNIMPLEMENTED if the body is compressed
     */
    static RequestHeaders of(MultiMap headers) {
        String version = headers.get("Connect-Protocol-Version");
        if (version != null && !version.equals("1")) {
            throw Errors.invalidArgument("Connect-Protocol-Version", "must be 1, was " + version);
        }
        for (String name : ENCODINGS) {
            String encoding = headers.get(name);
            if (encoding != null && !encoding.isEmpty() && !encoding.equals("identity")) {
                throw compressed(name + ": " + encoding);
            }
        }
        return new RequestHeaders(
                Optional.ofNullable(headers.get(TIMEOUT)).map(RequestHeaders::timeout),
                Optional.ofNullable(headers.get(CallReason.HEADER.originalName()))
                        .map(RequestHeaders::reason));
    }

    /** Returns the error of a compressed request. */
    static StatusRuntimeException compressed(String what) {
        return Errors.unimplemented("COMPRESSED_REQUEST", "the request has " + what + "; send it without compression");
    }

    /**
     * The metadata of the gRPC call.
     *
     * @param authorization credentials of the caller; empty: none
     */
    Metadata metadata(HttpServerRequest request, Optional<String> authorization) {
        Metadata metadata = new Metadata();
        authorization.ifPresent(value -> metadata.put(TokenCredentials.AUTHORIZATION, value));
        reason.ifPresent(value -> metadata.put(CallReason.HEADER, value));
        for (String name : PASSED_ON) {
            String value = request.getHeader(name);
            if (value != null) {
                metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
            }
        }
        return metadata;
    }

    private static Duration timeout(String value) {
        if (!MILLISECONDS.matcher(value).matches()) {
            throw Errors.invalidArgument(TIMEOUT, "must be a number of at most 10 digits, was " + value);
        }
        return Duration.ofMillis(Long.parseLong(value));
    }

    private static byte[] reason(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument(CallReason.HEADER.originalName(), "must be Base64: " + e.getMessage());
        }
    }
}
