package io.rootstock.service.access;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import io.rootstock.service.StrayExceptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A call whose caller is known. The caller is an attribute of the call: between the first and the last interceptor, Quarkus
 * changes threads and does not always keep the gRPC context. A stream whose caller has lost its token or changed its roles
 * ends before one of its next messages.
 */
final class AuthenticatedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    static final Attributes.Key<Caller> CALLER = Attributes.Key.create("caller");

    private final Caller caller;
    private final Supplier<CompletableFuture<Caller>> lookup;
    private final Duration period;
    private long checkNanos = System.nanoTime();
    /** Null: none is running. */
    private CompletableFuture<Caller> check;

    private volatile boolean ended;

    /**
     * @param lookup looks the caller up again; UNAUTHENTICATED ends the call
     * @param period time between two lookups
     */
    AuthenticatedCall(
            ServerCall<Q, R> call, Caller caller, Supplier<CompletableFuture<Caller>> lookup, Duration period) {
        super(call);
        this.caller = caller;
        this.lookup = lookup;
        this.period = period;
    }

    @Override
    public Attributes getAttributes() {
        return super.getAttributes().toBuilder().set(CALLER, caller).build();
    }

    @Override
    public void sendMessage(R message) {
        if (ended) {
            return;
        }
        if (check == null && System.nanoTime() - checkNanos > period.toNanos()) {
            check = lookup.get();
        }
        if (check != null && check.isDone()) {
            Optional<StatusRuntimeException> refusal = refusal(check);
            if (refusal.isPresent()) {
                Metadata trailers = refusal.get().getTrailers();
                close(refusal.get().getStatus(), trailers == null ? new Metadata() : trailers);
                return;
            }
            check = null;
            checkNanos = System.nanoTime();
        }
        super.sendMessage(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {
        if (!ended) {
            ended = true;
            super.close(status, trailers);
        }
    }

    @Override
    public boolean isCancelled() {
        return ended || super.isCancelled();
    }

    /** The reason to end the call; empty if the caller is the same, or cannot be looked up now. */
    private Optional<StatusRuntimeException> refusal(CompletableFuture<Caller> found) {
        try {
            return found.join().hasSameRolesAs(caller)
                    ? Optional.empty()
                    : Optional.of(Errors.unavailable(
                            "ROLES_CHANGED", "the roles of " + caller.name() + " have changed; call again"));
        } catch (CompletionException e) {
            return Optional.of(StrayExceptions.toStatus(e.getCause()))
                    .filter(failure -> failure.getStatus().getCode() == Status.Code.UNAUTHENTICATED);
        }
    }
}
