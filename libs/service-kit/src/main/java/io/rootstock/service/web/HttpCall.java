package io.rootstock.service.web;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.StrayExceptions;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A call in flight, between an HTTP response and a gRPC call. The gRPC call gets credit for one message more for each one that
 * the connection has taken, so that a slow client holds at most {@value #WINDOW} messages. A client that disconnects
 * cancels the call. Everything runs on the event loop of the request.
 */
final class HttpCall extends ClientCall.Listener<Message> {
    /** Messages of a stream that may be on their way: enough that the service does not wait for each one. */
    private static final int WINDOW = 8;

    private final RpcDirectory.Procedure procedure;
    private final CallFormat format;
    private final CallResponse response;
    private final Runnable onEnd;
    private ClientCall<Message, Message> call;
    /** Response of a unary call; null before it has arrived. */
    private Message message;
    /** Messages that the connection has not taken. */
    private int pending;

    /** @param onEnd runs once, when the call has ended in any way */
    HttpCall(RpcDirectory.Procedure procedure, CallFormat format, CallResponse response, Runnable onEnd) {
        this.procedure = procedure;
        this.format = format;
        this.response = response;
        this.onEnd = onEnd;
    }

    /**
     * Starts the call.
     *
     * @param eventLoop context of the request
     * @param timeout empty: none
     */
    void start(
            Context eventLoop,
            HttpServerResponse connection,
            Message request,
            Metadata metadata,
            Optional<Duration> timeout) {
        CallOptions options = CallOptions.DEFAULT.withExecutor(command -> eventLoop.runOnContext(_ -> command.run()));
        if (timeout.isPresent()) {
            options = options.withDeadlineAfter(timeout.get().toMillis(), TimeUnit.MILLISECONDS);
        }
        call = procedure.channel().newCall(procedure.method(), options);
        call.start(this, metadata);
        connection.closeHandler(_ -> call.cancel("the client has disconnected", null));
        connection.exceptionHandler(failure -> call.cancel("the connection has failed", failure));
        if (connection.closed()) {
            call.cancel("the client has disconnected", null);
            return;
        }
        // A second message of a unary call would be an error, which only a request for it shows.
        call.request(procedure.streams() ? WINDOW : 2);
        call.sendMessage(request);
        call.halfClose();
    }

    @Override
    public void onMessage(Message received) {
        if (!procedure.streams()) {
            message = received;
            return;
        }
        pending++;
        Optional<byte[]> bytes = encode(received);
        bytes.ifPresent(encoded -> response.send(encoded, this::taken));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        try {
            if (!status.isOk()) {
                response.fail(status.asRuntimeException(trailers));
            } else if (procedure.streams()) {
                response.end();
            } else {
                encode(message).ifPresent(response::send);
            }
        } finally {
            onEnd.run();
        }
    }

    private void taken() {
        int credit = pending;
        pending = 0;
        call.request(credit);
    }

    private Optional<byte[]> encode(Message received) {
        try {
            return Optional.of(format.messages().encode(received));
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            StatusRuntimeException failure = StrayExceptions.toStatus(e);
            response.fail(failure);
            call.cancel("the response cannot be encoded", e);
            return Optional.empty();
        }
    }
}
