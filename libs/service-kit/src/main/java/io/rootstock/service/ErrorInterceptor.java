package io.rootstock.service;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Ensures that every failed call ends with a typed error: converts exceptions of a method, and replaces the status
 * UNKNOWN. Runs as the innermost interceptor, next to the method, so that no other code sees unexpected exceptions.
 */
@GlobalInterceptor
@ApplicationScoped
public class ErrorInterceptor implements ServerInterceptor {
    private static final Logger LOGGER = Logger.getLogger(ErrorInterceptor.class);

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        TypedErrorCall<Q, R> typed = new TypedErrorCall<>(call);
        try {
            return new CatchingListener<>(next.startCall(typed, headers), typed);
        } catch (RuntimeException e) {
            typed.fail(e);
            return new ServerCall.Listener<>() {};
        }
    }

    private static final class TypedErrorCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private boolean closed;

        TypedErrorCall(ServerCall<Q, R> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = true;
            if (status.getCode() != Status.Code.UNKNOWN) {
                super.close(status, trailers);
                return;
            }
            Throwable cause = status.getCause() == null ? status.asRuntimeException() : status.getCause();
            StatusRuntimeException typed = StrayExceptions.toStatus(cause);
            super.close(typed.getStatus(), typed.getTrailers() == null ? new Metadata() : typed.getTrailers());
        }

        void fail(Throwable failure) {
            if (closed) {
                LOGGER.error("a method failed after it had ended its call", failure);
                return;
            }
            StatusRuntimeException typed = StrayExceptions.toStatus(failure);
            close(typed.getStatus(), typed.getTrailers() == null ? new Metadata() : typed.getTrailers());
        }
    }

    private static final class CatchingListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final TypedErrorCall<Q, ?> call;

        CatchingListener(ServerCall.Listener<Q> listener, TypedErrorCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }

        private void guard(Runnable event) {
            try {
                event.run();
            } catch (RuntimeException | Error e) {
                call.fail(e);
            }
        }
    }
}
