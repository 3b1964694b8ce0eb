package io.rootstock.service.lifecycle;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.InternalServer;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.grpc.GlobalInterceptor;
import io.rootstock.service.ShutdownState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The gRPC calls in flight, and the servers that they have arrived at. Runs as the outermost interceptor. */
@GlobalInterceptor
@ApplicationScoped
public class CallsInFlight implements ServerInterceptor, Prioritized {
    /** Before the check of client certificates, after Quarkus' interceptor that creates a call's context. */
    private static final int OUTERMOST = Integer.MAX_VALUE - 7;

    private final Set<OpenCall<?, ?>> open = ConcurrentHashMap.newKeySet();
    private final Map<Status.Code, Counter> ended = new EnumMap<>(Status.Code.class);
    private final Set<Server> servers = ConcurrentHashMap.newKeySet();

    /** Counts the calls in this registry. */
    @Inject
    public CallsInFlight(MeterRegistry meters) {
        Gauge.builder("rootstock.grpc.calls.open", open, Set::size)
                .description("gRPC calls in flight")
                .register(meters);
        for (Status.Code code : Status.Code.values()) {
            ended.put(
                    code,
                    Counter.builder("rootstock.grpc.calls.ended")
                            .description("gRPC calls that the service has ended, by status")
                            .tag("code", code.name())
                            .register(meters));
        }
    }

    @Override
    public int getPriority() {
        return OUTERMOST;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Server server = InternalServer.SERVER_CONTEXT_KEY.get();
        if (server != null && !servers.contains(server)) {
            // The framework does not publish its server, and its own stop fails the calls in flight.
            servers.add(server);
        }
        OpenCall<Q, R> counted = new OpenCall<>(call, open::remove, this::count);
        open.add(counted);
        try {
            return new EndListener<>(next.startCall(counted, headers), counted);
        } catch (RuntimeException | Error e) {
            open.remove(counted);
            throw e;
        }
    }

    /** The servers that have received calls: the one of the gRPC port, and the one of RPCs over HTTP. */
    List<Server> servers() {
        return List.copyOf(servers);
    }

    /** Whether no call is in flight. */
    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Ends the streams that watch changes: UNAVAILABLE, reason DRAINING. */
    void endWatches() {
        int _ = end(OpenCall::isWatch);
    }

    /** Ends all calls: UNAVAILABLE, reason DRAINING. Returns their number. */
    int endAll() {
        return end(_ -> true);
    }

    private void count(Status status) {
        ended.get(status.getCode()).increment();
    }

    private int end(Predicate<OpenCall<?, ?>> which) {
        StatusRuntimeException refusal = ShutdownState.refusal();
        return (int) List.copyOf(open).stream()
                .filter(which)
                .filter(call -> call.end(refusal))
                .count();
    }

    private static final class EndListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final OpenCall<Q, ?> call;

        EndListener(ServerCall.Listener<Q> listener, OpenCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onCancel() {
            call.left();
            super.onCancel();
        }

        @Override
        public void onComplete() {
            call.left();
            if (call.isEnded()) {
                super.onCancel();
            } else {
                super.onComplete();
            }
        }
    }

    /**
     * A call in flight, which another thread may end. Its method then sees a cancelled call, and what it still sends is
     * discarded.
     */
    private static final class OpenCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final Consumer<OpenCall<?, ?>> onEnd;
        private final Consumer<Status> statuses;
        /** A call is not safe for several threads. */
        private final ReentrantLock lock = new ReentrantLock();

        private boolean closed;
        private volatile boolean ended;

        /**
         * @param onEnd receives the call once it has ended, in any way; more than once if its client cancels it then
         * @param statuses receives the status that is sent, if any
         */
        OpenCall(ServerCall<Q, R> call, Consumer<OpenCall<?, ?>> onEnd, Consumer<Status> statuses) {
            super(call);
            this.onEnd = onEnd;
            this.statuses = statuses;
        }

        /** Whether the call watches changes, without an end of its own: the contracts name such methods Watch…, and StreamMetrics. */
        boolean isWatch() {
            String method = getMethodDescriptor().getBareMethodName();
            return method != null && (method.startsWith("Watch") || method.equals("StreamMetrics"));
        }

        /** Ends the call with an error; has no effect on a closed call. Returns whether it was open. */
        boolean end(StatusRuntimeException why) {
            lock.lock();
            try {
                if (closed) {
                    return false;
                }
                closed = true;
                ended = true;
                statuses.accept(why.getStatus());
                Metadata trailers = why.getTrailers();
                super.close(why.getStatus(), trailers == null ? new Metadata() : trailers);
            } finally {
                lock.unlock();
            }
            onEnd.accept(this);
            return true;
        }

        /** Whether {@link #end} has ended the call. */
        boolean isEnded() {
            return ended;
        }

        /** Called when the transport has ended the call. */
        void left() {
            onEnd.accept(this);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            unlessClosed(() -> super.sendHeaders(headers));
        }

        @Override
        public void sendMessage(R message) {
            unlessClosed(() -> super.sendMessage(message));
        }

        @Override
        public void close(Status status, Metadata trailers) {
            unlessClosed(() -> {
                closed = true;
                statuses.accept(status);
                super.close(status, trailers);
            });
            onEnd.accept(this);
        }

        @Override
        public boolean isCancelled() {
            return ended || super.isCancelled();
        }

        private void unlessClosed(Runnable action) {
            lock.lock();
            try {
                if (!closed) {
                    action.run();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
