package io.rootstock.bench.kill;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Retries calls to services that may have been killed or frozen, as a robust client does. With several clients, such as
 * those of two registries, each attempt uses the next one.
 */
public final class Patience {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration ATTEMPT = Duration.ofSeconds(15);
    private static final ScheduledExecutorService DEADLINES = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("deadlines").daemon().factory());

    private static final Set<Status.Code> UNAVAILABLE = Set.of(
            Status.Code.UNAVAILABLE,
            Status.Code.UNKNOWN,
            Status.Code.INTERNAL,
            Status.Code.CANCELLED,
            Status.Code.DEADLINE_EXCEEDED);

    private final Duration limit;
    private final List<Clients> clients;
    private final AtomicInteger attempts = new AtomicInteger();

    /**
     * Creates a client of one or more equal services.
     *
     * @param limit time after which a call fails with the error of its last attempt
     */
    public Patience(Duration limit, Clients... clients) {
        this.limit = limit;
        this.clients = List.of(clients);
    }

    /** Returns the response; throws errors other than an unavailable service. */
    public <T> T call(Function<Clients, T> call) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                return attempt(call);
            } catch (StatusRuntimeException e) {
                if (!isUnavailable(e) || System.nanoTime() > end) {
                    throw e;
                }
                sleep(PAUSE);
            }
        }
    }

    /** The clients of the next attempt, for calls without a deadline. */
    public Clients next() {
        return clients.get(Math.floorMod(attempts.getAndIncrement(), clients.size()));
    }

    /** Whether the service is unavailable. A client reports UNKNOWN if the connection breaks while it sends a call. */
    public static boolean isUnavailable(StatusRuntimeException failure) {
        return UNAVAILABLE.contains(failure.getStatus().getCode());
    }

    /** Sleeps; throws {@link IllegalStateException} if the thread is interrupted. */
    public static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private <T> T attempt(Function<Clients, T> call) {
        Context.CancellableContext context =
                Context.current().withDeadlineAfter(ATTEMPT.toSeconds(), TimeUnit.SECONDS, DEADLINES);
        Context before = context.attach();
        try {
            return call.apply(next());
        } finally {
            context.detach(before);
            context.cancel(null);
        }
    }
}
