package io.rootstock.service.web;

import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the calls in flight, and the memory of requests that are being received and decoded. A caller may have one call
 * in flight for each {@value #FREE_PER_CALL} that are free, or a single one: of 500 calls a first caller gets 100, and
 * twenty such callers leave five.
 */
@ApplicationScoped
class RequestMemory {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int FREE_PER_CALL = 4;

    private final int mostCalls;
    private final long mostBytes;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final Map<String, Integer> callsByCaller = new HashMap<>();

    /** Required by the CDI client proxy. */
    RequestMemory() {
        this(0, 0);
    }

    @Inject
    RequestMemory(WebSettings settings) {
        this(settings.calls(), settings.requestMemory().asLongValue());
        if (mostCalls < 1 || mostBytes < MessageFormat.PROTO.memory(MessageFormat.PROTO.limit())) {
            throw new IllegalStateException("rootstock.web.calls must be at least 1, and rootstock.web.request-memory"
                    + " at least 64M: the memory of one request of 16 MiB");
        }
    }

    RequestMemory(int mostCalls, long mostBytes) {
        this.mostCalls = mostCalls;
        this.mostBytes = mostBytes;
    }

    /**
     * Counts a call until its reservation is closed.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if too many are in flight
     */
    Reservation admit() {
        if (calls.incrementAndGet() > mostCalls) {
            calls.decrementAndGet();
            throw Errors.resourceExhausted(
                    "TOO_MANY_CALLS", mostCalls + " calls are in flight over HTTP (rootstock.web.calls)", RETRY);
        }
        return new Reservation();
    }

    /** A call in flight and the memory of its request; used by one thread at a time. */
    final class Reservation {
        private long reserved;
        /** Empty: not known yet. */
        private Optional<String> caller = Optional.empty();

        private boolean closed;

        /**
         * Counts the call for its caller.
         *
         * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if the caller has a call for each {@value
         *     #FREE_PER_CALL} that are free
         */
        void share(String name) {
            synchronized (callsByCaller) {
                int others = callsByCaller.getOrDefault(name, 0);
                int free = mostCalls - calls.get() + 1; // this call included
                if (others >= Math.max(1, free / FREE_PER_CALL)) {
                    throw Errors.resourceExhausted(
                            "TOO_MANY_CALLS_OF_CALLER",
                            name + " has " + others + " calls in flight over HTTP, and " + free + " of " + mostCalls
                                    + " are free (rootstock.web.calls); a caller may have one for each " + FREE_PER_CALL
                                    + " that are free: end some of its streams",
                            RETRY);
                }
                callsByCaller.put(name, others + 1);
                caller = Optional.of(name);
            }
        }

        /**
         * Reserves memory.
         *
         * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if other requests have it
         */
        void take(long count) {
            if (bytes.addAndGet(count) > mostBytes) {
                bytes.addAndGet(-count);
                throw Errors.resourceExhausted(
                        "TOO_MUCH_REQUEST_MEMORY",
                        "requests over HTTP use the memory of rootstock.web.request-memory, " + mostBytes + " bytes",
                        RETRY);
            }
            reserved += count;
        }

        /** Frees the memory of the request, which is decoded. */
        void release() {
            bytes.addAndGet(-reserved);
            reserved = 0;
        }

        /** Frees everything; has no effect when repeated. */
        void close() {
            if (!closed) {
                closed = true;
                release();
                calls.decrementAndGet();
                synchronized (callsByCaller) {
                    caller.ifPresent(
                            name -> callsByCaller.computeIfPresent(name, (_, count) -> count == 1 ? null : count - 1));
                }
            }
        }
    }
}
