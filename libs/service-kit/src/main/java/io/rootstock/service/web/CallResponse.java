package io.rootstock.service.web;

import io.grpc.StatusRuntimeException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** HTTP response of a call. All methods run on the event loop of the request. */
final class CallResponse {
    private final HttpServerResponse response;
    private final CallFormat format;

    CallResponse(HttpServerResponse response, CallFormat format) {
        this.response = response;
        this.format = format;
        response.putHeader("Cache-Control", "no-store").putHeader("X-Content-Type-Options", "nosniff");
    }

    /** Sends a unary response. */
    void send(byte[] message) {
        if (isOpen()) {
            response.putHeader("Content-Type", format.contentType()).end(Buffer.buffer(message));
        }
    }

    /**
     * Sends a message of a stream.
     *
     * @param whenTaken runs once the connection takes more messages, at once if it does
     */
    void send(byte[] message, Runnable whenTaken) {
        if (!isOpen()) {
            return;
        }
        beginStream();
        response.write(Envelope.message(message));
        if (response.writeQueueFull()) {
            response.drainHandler(_ -> whenTaken.run());
        } else {
            whenTaken.run();
        }
    }

    /** Ends a stream. */
    void end() {
        if (isOpen()) {
            beginStream();
            response.end(Envelope.end(new byte[] {'{', '}'}));
        }
    }

    /** Ends the response with an error: a unary response with its HTTP status, a stream with its last frame. */
    void fail(StatusRuntimeException failure) {
        if (!isOpen()) {
            return;
        }
        ConnectError error = new ConnectError(failure);
        if (format.stream()) {
            beginStream();
            response.end(Envelope.end(error.endOfStream()));
            return;
        }
        fail(error, error.httpStatus());
    }

    /** Ends a response that has no other format with an error in JSON. */
    static void refuse(HttpServerResponse response, StatusRuntimeException failure, int httpStatus) {
        new CallResponse(response, new CallFormat(MessageFormat.JSON, false))
                .fail(new ConnectError(failure), httpStatus);
    }

    private void fail(ConnectError error, int httpStatus) {
        if (!isOpen()) {
            return;
        }
        response.setStatusCode(httpStatus).putHeader("Content-Type", "application/json");
        error.retryAfter()
                .ifPresent(delay -> response.putHeader(
                        "Retry-After",
                        Long.toString(Math.max(1, delay.plusMillis(999).toSeconds()))));
        if (httpStatus == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        response.end(Buffer.buffer(error.body()));
    }

    /** Tells the client that the rest of its request is not read. */
    void closeConnection() {
        response.putHeader("Connection", "close");
    }

    private boolean isOpen() {
        return !response.closed() && !response.ended();
    }

    private void beginStream() {
        if (!response.headWritten()) {
            // Proxies must not buffer the stream.
            response.setChunked(true)
                    .putHeader("Content-Type", format.contentType())
                    .putHeader("X-Accel-Buffering", "no");
        }
    }
}
