package io.rootstock.service.access;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GlobalInterceptor;
import io.rootstock.client.TokenCredentials;
import io.rootstock.service.StrayExceptions;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Finds the caller of each call and refuses calls without a valid token, and callers who call too often. Health checks
 * are exempt: probes send no token. Runs as the outermost interceptor, so that a rejected call reaches no other code.
 */
@GlobalInterceptor
@ApplicationScoped
public class AuthenticationInterceptor implements ServerInterceptor, Prioritized {
    /** Before Quarkus' interceptors, except the one that creates a call's context. */
    private static final int OUTERMOST = Integer.MAX_VALUE - 10;

    /** Time between two checks of the token of a stream. */
    private static final Duration PERIOD = Duration.ofSeconds(15);

    private final Authentication authentication;
    private final RateLimit limit;

    /** Required by the CDI client proxy. */
    AuthenticationInterceptor() {
        authentication = null;
        limit = null;
    }

    /** Creates the interceptor. */
    @Inject
    public AuthenticationInterceptor(Authentication authentication, RateLimit limit) {
        this.authentication = authentication;
        this.limit = limit;
    }

    @Override
    public int getPriority() {
        return OUTERMOST;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (isHealth(call)) {
            return next.startCall(call, headers);
        }
        CompletableFuture<Caller> caller = authentication.caller(headers.get(TokenCredentials.AUTHORIZATION));
        if (caller.isDone()) {
            return start(caller, call, headers, next);
        }
        DelayedListener<Q> listener = new DelayedListener<>();
        Context context = Context.current();
        // Quarkus' interceptors expect to start calls on the event loop of the call.
        io.vertx.core.Context eventLoop = Vertx.currentContext();
        CompletableFuture<Caller> _ = caller.whenComplete((_, _) -> {
            Runnable start = context.wrap(() -> listener.setDelegate(start(caller, call, headers, next)));
            if (eventLoop == null) {
                start.run();
            } else {
                eventLoop.runOnContext(_ -> start.run());
            }
        });
        return listener;
    }

    private <Q, R> ServerCall.Listener<Q> start(
            CompletableFuture<Caller> found, ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        try {
            Caller caller = found.join();
            limit.admit(caller);
            String authorization = headers.get(TokenCredentials.AUTHORIZATION);
            return next.startCall(
                    new AuthenticatedCall<>(call, caller, () -> authentication.caller(authorization), PERIOD), headers);
        } catch (CompletionException e) {
            return refuse(call, StrayExceptions.toStatus(e.getCause()));
        } catch (StatusRuntimeException e) {
            return refuse(call, e);
        }
    }

    private static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, StatusRuntimeException refusal) {
        call.close(refusal.getStatus(), refusal.getTrailers() == null ? new Metadata() : refusal.getTrailers());
        return new ServerCall.Listener<>() {};
    }

    private static boolean isHealth(ServerCall<?, ?> call) {
        return "grpc.health.v1.Health".equals(call.getMethodDescriptor().getServiceName());
    }

    /**
     * Keeps the events of a call until its listener exists. They are few: messages arrive only after the listener has
     * requested them. All methods run on the event loop of the call.
     */
    private static final class DelayedListener<Q> extends ServerCall.Listener<Q> {
        private final Queue<Consumer<ServerCall.Listener<Q>>> events = new ArrayDeque<>();
        private ServerCall.Listener<Q> delegate;

        /** Delivers the kept events, and all later ones directly. */
        synchronized void setDelegate(ServerCall.Listener<Q> listener) {
            while (!events.isEmpty()) {
                events.remove().accept(listener);
            }
            delegate = listener;
        }

        @Override
        public void onMessage(Q message) {
            deliver(listener -> listener.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            deliver(ServerCall.Listener::onHalfClose);
        }

        @Override
        public void onCancel() {
            deliver(ServerCall.Listener::onCancel);
        }

        @Override
        public void onComplete() {
            deliver(ServerCall.Listener::onComplete);
        }

        @Override
        public void onReady() {
            deliver(ServerCall.Listener::onReady);
        }

        private synchronized void deliver(Consumer<ServerCall.Listener<Q>> event) {
            if (delegate == null) {
                events.add(event);
            } else {
                event.accept(delegate);
            }
        }
    }
}
