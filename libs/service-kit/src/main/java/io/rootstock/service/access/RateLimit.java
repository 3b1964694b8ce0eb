package io.rootstock.service.access;

import io.rootstock.service.CommonSettings;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Bounds the requests of each caller: a token bucket of {@code rootstock.auth.requests-per-second} and two seconds of
 * them at once. The services and the local user are not bounded.
 */
@ApplicationScoped
public class RateLimit {
    private static final int CALLERS = 10_000;
    private static final double BURST_SECONDS = 2;
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final LongSupplier nanoTime;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > CALLERS;
        }
    };

    private record Bucket(double requests, long time) {}

    /** Limits nothing; also required by the CDI client proxy. */
    public RateLimit() {
        this(0, System::nanoTime);
    }

    /** Creates the limit of a service. */
    @Inject
    public RateLimit(CommonSettings settings) {
        this(settings.auth().requestsPerSecond(), System::nanoTime);
    }

    RateLimit(double perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
    }

    /**
     * Counts a request.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if the caller has made too many
     */
    public void admit(Caller caller) {
        if (perSecond <= 0 || caller.equals(Caller.SERVICE) || caller.equals(Caller.LOCAL)) {
            return;
        }
        long now = nanoTime.getAsLong();
        synchronized (buckets) {
            double most = perSecond * BURST_SECONDS;
            Bucket last = buckets.getOrDefault(caller.name(), new Bucket(most, now));
            double left = Math.min(most, last.requests() + (now - last.time()) / NANOS * perSecond);
            if (left < 1) {
                throw Errors.resourceExhausted(
                        "TOO_MANY_REQUESTS",
                        caller.name() + " has made more than " + perSecond
                                + " requests per second (rootstock.auth.requests-per-second)",
                        Duration.ofNanos((long) ((1 - left) / perSecond * NANOS)));
            }
            buckets.put(caller.name(), new Bucket(left - 1, now));
        }
    }
}
