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
 * A call whose caller is known. The call is an attribute of itself: between the first and the last interceptor, Quarkus
 * changes threads and does not always keep the gRPC context. A stream whose caller has lost its token or changed its roles
 * ends before one of its next messages.
 */
final class AuthenticatedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private static final Attributes.Key<AuthenticatedCall<?, ?>> CALL = Attributes.Key.create("authenticated-call");

    private final Caller caller;
    private final Supplier<CompletableFuture<Caller>> lookup;
    private final Duration period;
    private long checkNanos = System.nanoTime();
    /** Null: none is running. */
    private CompletableFuture<Caller> check;

    private volatile boolean ended;
    /** Null: the call was not ended here. */
    private volatile Status refused;

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

    /**
     * The authenticated call that a call wraps.
     *
     * @throws IllegalStateException if it wraps none
     */
    static AuthenticatedCall<?, ?> of(ServerCall<?, ?> call) {
        AuthenticatedCall<?, ?> authenticated = call.getAttributes().get(CALL);
        if (authenticated == null) {
            throw new IllegalStateException("a call has reached its method without a caller");
        }
        return authenticated;
    }

    Caller caller() {
        return caller;
    }

    /** Status with which the call was ended because of its caller, unknown to the calls that wrap it. */
    Optional<Status> refused() {
        return Optional.ofNullable(refused);
    }

    @Override
    public Attributes getAttributes() {
        return super.getAttributes().toBuilder().set(CALL, this).build();
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
                refused = refusal.get().getStatus();
                Metadata trailers = refusal.get().getTrailers();
                close(refused, trailers == null ? new Metadata() : trailers);
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
