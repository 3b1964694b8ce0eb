package io.rootstock.inference.openai;

import io.rootstock.inference.generate.CompletionStream;
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

/**
 * The answer to one HTTP request, for code that blocks: whatever is sent is waited for until the connection has taken
 * it, so that a slow reader costs no memory, and a client that is gone is noticed at once and ends what is made for it.
 * Make it on the event loop. Events may be sent by several threads, anything else by one; {@link #onGone} is for any.
 * Closing it gives back what it {@link #serves}, once all is said.
 */
final class HttpReply implements AutoCloseable {
    /** How long an error waits for a reader that takes nothing. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final String EVENT = "data: ";
    private static final String EVENT_END = "\n\n";
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.UTF_8);

    private final HttpServerResponse response;
    private final Recipient recipient = new Recipient();
    private final ReentrantLock sending = new ReentrantLock();
    private final List<CompletionStream> served = new ArrayList<>();

    HttpReply(HttpServerResponse response) {
        this.response = response;
        response.closeHandler(_ -> recipient.leave());
        response.exceptionHandler(_ -> recipient.leave());
        if (response.closed()) {
            recipient.leave();
        }
    }

    /** Takes a stream whose texts are sent here: it ends with its client, and what ends it is not kept waiting. */
    CompletionStream serves(CompletionStream stream) {
        served.add(stream);
        response.putHeader("X-Request-Id", stream.requestId());
        onGone(stream::cancel);
        stream.whenStopped(recipient::stop);
        return stream;
    }

    /** Sends a whole answer. */
    void whole(Object answer) {
        response.putHeader("Content-Type", "application/json");
        await(response.end(Buffer.buffer(Json.bytes(answer))));
    }

    /** Sends an event of a stream, with the head before the first. */
    void event(Object answer) {
        event(Json.bytes(answer));
    }

    /** Ends a stream well. */
    void endOfEvents() {
        event(DONE);
        await(response.end());
    }

    /**
     * Ends the answer with an error: as its status where nothing was sent, as the stream's last event otherwise. Nobody
     * is told who is gone.
     */
    void fail(ApiError error) {
        if (recipient.isGone() || response.ended()) {
            return;
        }
        byte[] body = Json.bytes(error.body());
        if (response.headWritten()) {
            lastWords(response.end(event(Buffer.buffer(body))));
            return;
        }
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
            // OpenAI's clients try a 409 again; who ended this request meant it.
            response.putHeader("X-Should-Retry", "false");
        }
        lastWords(response.end(Buffer.buffer(body)));
    }

    /** Runs {@code action} once when the client is gone; at once if it is gone already. It must not block. */
    void onGone(Runnable action) {
        recipient.onGone(action);
    }

    @Override
    public void close() {
        served.forEach(CompletionStream::close);
    }

    private void event(byte[] data) {
        sending.lock();
        try {
            beginEvents();
            await(response.write(event(Buffer.buffer(data))));
        } finally {
            sending.unlock();
        }
    }

    private void beginEvents() {
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("Content-Type", "text/event-stream")
                    .putHeader("Cache-Control", "no-cache")
                    // Proxies must not gather what is meant to come piece by piece.
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

    private void lastWords(Future<Void> sent) {
        sent.onComplete(_ -> recipient.wake());
        recipient.await(sent::isComplete, LAST_WORDS);
    }
}
