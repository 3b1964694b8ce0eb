package io.rootstock.service.web;

import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads the body of a request up to its limit. Runs on the event loop of the request. */
final class RequestBody {
    private final CallFormat format;
    private final RequestMemory.Reservation memory;
    private final Consumer<Buffer> done;
    private final Consumer<StatusRuntimeException> refused;
    private final Buffer body = Buffer.buffer();
    private boolean ended;

    /**
     * @param done receives the whole body
     * @param refused receives the error of a body that is too large; the rest of the request is not read
     */
    RequestBody(
            CallFormat format,
            RequestMemory.Reservation memory,
            Consumer<Buffer> done,
            Consumer<StatusRuntimeException> refused) {
        this.format = format;
        this.memory = memory;
        this.done = done;
        this.refused = refused;
    }

    /** @param lost runs if the client disconnects before the end of the request */
    void read(HttpServerRequest request, Runnable lost) {
        request.exceptionHandler(_ -> end(lost));
        request.endHandler(_ -> end(() -> done.accept(body)));
        request.handler(this::add);
    }

    private int limit() {
        return format.messages().limit() + (format.stream() ? Envelope.HEADER_BYTES : 0);
    }

    private void add(Buffer chunk) {
        if (ended) {
            return;
        }
        try {
            if (body.length() + (long) chunk.length() > limit()) {
                throw Errors.invalidArgument(
                        "request",
                        "must have at most " + format.messages().limit() + " bytes as " + format.contentType()
                                + "; send less in one call, or use gRPC, which can stream requests");
            }
            memory.take(format.messages().memory(chunk.length()));
            body.appendBuffer(chunk);
        } catch (StatusRuntimeException e) {
            end(() -> refused.accept(e));
        }
    }

    private void end(Runnable action) {
        if (!ended) {
            ended = true;
            action.run();
        }
    }
}
