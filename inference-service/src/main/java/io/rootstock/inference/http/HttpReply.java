package io.rootstock.inference.http;

import io.rootstock.inference.completion.CompletionStream;
import io.rootstock.service.Recipient;
import io.rootstock.service.StreamCancelledException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The response to one HTTP request, for blocking code: each write waits until the connection has accepted it, so that a
 * slow reader costs no memory, and a disconnected client cancels its request immediately. Create it on the event loop.
 * Events may be sent by several threads, other parts by one; {@link #onGone} is thread-safe. Close it after the last
 * write; that closes the streams of {@link #serves}.
 */
public final class HttpReply implements AutoCloseable {
    /** Time limit for sending an error to a client that does not read. */
    private static final Duration ERROR_FLUSH_TIMEOUT = Duration.ofSeconds(1);

    /** Header with the id of the request, for logs of client and service. */
    public static final String REQUEST_ID = "X-Request-Id";

    /** Header that lists schema keywords of the request that are not enforced. */
    public static final String WARNING = "X-Rootstock-Warning";

    private static final String EVENT = "data: ";
    private static final String EVENT_END = "\n\n";
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.UTF_8);

    private final HttpServerResponse response;
    private final Function<ApiError, Object> errorBody;
    private final Recipient recipient = new Recipient();
    private final ReentrantLock sending = new ReentrantLock();
    private final List<CompletionStream> served = new ArrayList<>();

    /** @param errorBody JSON response of an error */
    public HttpReply(HttpServerResponse response, Function<ApiError, Object> errorBody) {
        this.response = response;
        this.errorBody = errorBody;
        response.closeHandler(_ -> recipient.leave());
        response.exceptionHandler(_ -> recipient.leave());
        if (response.closed()) {
            recipient.leave();
        }
    }

    /**
     * Registers a stream that is sent here: a disconnected client cancels it, and a stream that is ended stops pending
     * writes.
     */
    public CompletionStream serves(CompletionStream stream) {
        served.add(stream);
        response.putHeader(REQUEST_ID, stream.requestId());
        onGone(stream::cancel);
        stream.whenStopped(recipient::stop);
        return stream;
    }

    /** Adds a warning to the head of the response, printable ASCII; call it before the first part is sent. */
    public void warn(String warning) {
        response.putHeader(WARNING, warning);
    }

    /** Tells the client that the connection will be closed. */
    public void closesConnection() {
        response.putHeader("Connection", "close");
    }

    /** Sets the status of a response that is not an error; the default is 200. */
    public void status(int status) {
        response.setStatusCode(status);
    }

    /** Sends a non-streaming response. */
    public void send(Object answer) {
        response.putHeader("Content-Type", "application/json");
        await(response.end(Buffer.buffer(Json.bytes(answer))));
    }

    /** Sets a header; call it before the first part is sent. */
    public void header(String name, String value) {
        response.putHeader(name, value);
    }

    /** Begins a response of binary content. */
    public void beginContent(long bytes) {
        response.putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Length", Long.toString(bytes));
    }

    /** Sends the next bytes of the content. */
    public void content(byte[] bytes) {
        await(response.write(Buffer.buffer(bytes)));
    }

    /** Ends a response of binary content. */
    public void endOfContent() {
        await(response.end());
    }

    /** Sends an event of a stream, with the HTTP head before the first. */
    public void event(Object answer) {
        event(Json.bytes(answer));
    }

    /** Sends a named event of a stream. */
    public void event(String name, Object answer) {
        Buffer event = Buffer.buffer("event: " + name + "\n").appendBuffer(event(Buffer.buffer(Json.bytes(answer))));
        write(event);
    }

    /** Ends a stream of named events successfully: their names tell the end. */
    public void endOfNamedEvents() {
        await(response.end());
    }

    /** Ends a stream successfully. */
    public void endOfEvents() {
        event(DONE);
        await(response.end());
    }

    /**
     * Ends the response with an error: with its HTTP status if the head is not sent yet, else as the stream's last
     * event, or by closing the connection of binary content. Does nothing if the client has disconnected.
     */
    public void fail(ApiError error) {
        if (recipient.isGone() || response.ended()) {
            return;
        }
        byte[] body = Json.bytes(errorBody.apply(error));
        if (response.headWritten() && !response.isChunked()) {
            // Content of a known length: only a lost connection tells the client that it is incomplete.
            response.reset();
            return;
        }
        if (response.headWritten()) {
            awaitFlush(response.end(event(Buffer.buffer(body))));
            return;
        }
        response.headers().remove("Content-Length");
        response.setStatusCode(error.status()).putHeader("Content-Type", "application/json");
        error.retryAfter()
                .ifPresent(delay -> response.putHeader(
                                "Retry-After",
                                Long.toString(Math.max(1, delay.plusMillis(999).toSeconds())))
                        .putHeader("Retry-After-Ms", Long.toString(Math.max(1, delay.toMillis()))));
        if (error.status() == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (error.status() == 409) {
            // OpenAI's clients retry a 409, but an aborted request must not be repeated.
            response.putHeader("X-Should-Retry", "false");
        }
        awaitFlush(response.end(Buffer.buffer(body)));
    }

    /** Runs {@code action} once when the client disconnects, immediately if it already has. It must not block. */
    public void onGone(Runnable action) {
        recipient.onGone(action);
    }

    @Override
    public void close() {
        served.forEach(CompletionStream::close);
    }

    private void event(byte[] data) {
        write(event(Buffer.buffer(data)));
    }

    private void write(Buffer event) {
        sending.lock();
        try {
            beginEvents();
            await(response.write(event));
        } finally {
            sending.unlock();
        }
    }

    private void beginEvents() {
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("Content-Type", "text/event-stream")
                    .putHeader("Cache-Control", "no-cache")
                    // Proxies must not buffer the stream.
                    .putHeader("X-Accel-Buffering", "no");
        }
    }

    private static Buffer event(Buffer data) {
        return Buffer.buffer(data.length() + EVENT.length() + EVENT_END.length())
                .appendString(EVENT)
                .appendBuffer(data)
                .appendString(EVENT_END);
    }

    private void await(Future<Void> sent) {
        sent.onComplete(_ -> recipient.wake());
        recipient.await(sent::isComplete);
        if (!sent.succeeded()) {
            throw new StreamCancelledException();
        }
    }

    private void awaitFlush(Future<Void> sent) {
        sent.onComplete(_ -> recipient.wake());
        recipient.await(sent::isComplete, ERROR_FLUSH_TIMEOUT);
    }
}
