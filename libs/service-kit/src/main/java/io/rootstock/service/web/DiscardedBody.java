package io.rootstock.service.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * The rest of the body of a refused request. Many clients write their whole body before they read a response, so a
 * response is sent after the body, if the body is not too long. Event loop only.
 */
public final class DiscardedBody {
    /** Number of bytes that are read before the response. */
    static final long MAX_BYTES = 8L << 20;

    /** Time that is waited for the body before the response. */
    private static final long MAX_MILLIS = 30_000;

    /** Time after the response in which more of the body is discarded, because closing at once could lose the response. */
    private static final long LINGER_MILLIS = 2_000;

    private final HttpServerRequest request;
    private final Vertx vertx;
    private final Consumer<Boolean> answer;
    private long bytes;
    private boolean answered;
    private long timer;

    private DiscardedBody(HttpServerRequest request, Vertx vertx, Consumer<Boolean> answer) {
        this.request = request;
        this.vertx = vertx;
        this.answer = answer;
    }

    /**
     * Reads and discards the body, then calls {@code answer} once: with true if the body has ended, with false if it is
     * longer than {@link #MAX_BYTES} or too slow and the connection will be closed.
     */
    public static void discard(HttpServerRequest request, Vertx vertx, Consumer<Boolean> answer) {
        if (request.isEnded()) {
            answer.accept(true);
            return;
        }
        new DiscardedBody(request, vertx, answer).begin();
    }

    private void begin() {
        timer = vertx.setTimer(MAX_MILLIS, _ -> giveUp());
        request.exceptionHandler(_ -> vertx.cancelTimer(timer));
        request.endHandler(_ -> end());
        request.handler(buffer -> {
            bytes += buffer.length();
            if (bytes > MAX_BYTES && !answered) {
                giveUp();
            }
        });
        request.resume();
    }

    private void giveUp() {
        answered = true;
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(LINGER_MILLIS, _ -> request.connection().close());
        answer.accept(false);
    }

    private void end() {
        if (!answered) {
            answered = true;
            vertx.cancelTimer(timer);
            answer.accept(true);
        }
    }
}
