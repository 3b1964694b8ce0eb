package io.rootstock.service.lifecycle;

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
}
