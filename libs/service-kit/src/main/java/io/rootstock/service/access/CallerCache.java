package io.rootstock.service.access;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/**
 * Callers of the latest tokens. A result is used again while it is fresh, and for up to 15 minutes while the source is
 * unavailable, so that models are served without it. Holds hashes of tokens only.
 */
final class CallerCache {
    private static final int ENTRIES = 10_000;
    private static final int LOOKUPS = 32;
    private static final Duration UNCONFIRMED = Duration.ofMinutes(15);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final CallerSource source;
    private final InstantSource clock;
    private final Semaphore lookups = new Semaphore(LOOKUPS);
    private final ConcurrentMap<String, CompletableFuture<Optional<Caller>>> running = new ConcurrentHashMap<>();

    private final Map<String, Found> entries = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
            return size() > ENTRIES;
        }
    };

    private record Found(Optional<Caller> caller, Instant confirmed) {
        static Found of(KnownCaller known) {
            return new Found(Optional.of(known.caller()), known.confirmed());
        }
    }

    CallerCache(CallerSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /**
     * Returns the caller of a token; completes at once if it is known. The lookup runs on a virtual thread.
     *
     * @return fails with a status if the source is unavailable, or too many lookups run
     */
    CompletableFuture<Optional<Caller>> find(String token) {
        String hash = hash(token);
        Optional<Found> entry = entry(hash);
        if (entry.filter(this::isFresh).isPresent()) {
            return CompletableFuture.completedFuture(caller(entry.get()));
        }
        CompletableFuture<Optional<Caller>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Caller>> first = running.putIfAbsent(hash, mine);
        if (first != null) {
            return first;
        }
        if (!lookups.tryAcquire()) {
            running.remove(hash, mine);
            return CompletableFuture.failedFuture(Errors.resourceExhausted("TOO_MANY_NEW_TOKENS", RETRY));
        }
        Thread.ofVirtual().name("caller-lookup").start(() -> lookUp(token, hash, mine));
        return mine;
    }

    private void lookUp(String token, String hash, CompletableFuture<Optional<Caller>> result) {
        CompletableFuture<Optional<Caller>> outcome;
        try {
            outcome = outcome(token, hash);
        } finally {
            lookups.release();
            // Before the result, so that who has it gets a new lookup once it is not fresh.
            running.remove(hash, result);
        }
        CompletableFuture<Boolean> _ = outcome.handle(
                (caller, failure) -> failure == null ? result.complete(caller) : result.completeExceptionally(failure));
    }

    /** Returns a completed future. */
    private CompletableFuture<Optional<Caller>> outcome(String token, String hash) {
        try {
            Found found = new Found(source.find(token), clock.instant());
            store(hash, found);
            return CompletableFuture.completedFuture(caller(found));
        } catch (StatusRuntimeException e) {
            Optional<Found> last =
                    e.getStatus().getCode() == Status.Code.UNAVAILABLE ? unconfirmed(hash) : Optional.empty();
            return last.isPresent()
                    ? CompletableFuture.completedFuture(caller(last.get()))
                    : CompletableFuture.failedFuture(e);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The result of this instance, or of another one, that is not too old. */
    private Optional<Found> unconfirmed(String hash) {
        Optional<Found> mine = entry(hash).filter(this::isUsableUnconfirmed);
        if (mine.isPresent()) {
            return mine;
        }
        Optional<Found> others = source.known(hash).map(Found::of).filter(this::isUsableUnconfirmed);
        others.ifPresent(found -> store(hash, found));
        return others;
    }

    /**
     * The caller of a token if this instance knows it, also while the source is unavailable.
     *
     * @param hash SHA-256 of the token in hexadecimal digits
     */
    Optional<KnownCaller> known(String hash) {
        return entry(hash)
                .filter(this::isUsableUnconfirmed)
                .flatMap(found -> caller(found).map(caller -> new KnownCaller(caller, found.confirmed())));
    }

    private void store(String hash, Found found) {
        synchronized (entries) {
            entries.put(hash, found);
        }
    }

    private Optional<Found> entry(String hash) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(hash));
        }
    }

    private boolean isFresh(Found entry) {
        return clock.instant().isBefore(entry.confirmed().plus(source.freshness()));
    }

    private boolean isUsableUnconfirmed(Found entry) {
        return entry.caller().isPresent()
                && clock.instant().isBefore(entry.confirmed().plus(UNCONFIRMED));
    }

    /** The caller of an entry whose token has not expired since. */
    private Optional<Caller> caller(Found entry) {
        return entry.caller()
                .filter(found -> found.expiry()
                        .map(expiry -> clock.instant().isBefore(expiry))
                        .orElse(true));
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
