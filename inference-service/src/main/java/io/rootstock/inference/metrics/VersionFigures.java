package io.rootstock.inference.metrics;

import io.rootstock.inference.engine.scheduling.Output;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Counters of a loaded version, separate for answered requests and shadow copies. Thread-safe. */
public final class VersionFigures {
    /** Consecutive failures after which a canary receives no more requests. */
    static final int FAILURES_TO_STOP = 3;

    private final Map<Role, Counts> counts = new EnumMap<>(Role.class);
    private volatile int failuresRunning;
    private volatile String lastFailure = "";

    /** Counts, and forwards to these meters. */
    public VersionFigures(Function<Role, Meters> meters) {
        for (Role role : Role.values()) {
            counts.put(role, new Counts(meters.apply(role)));
        }
    }

    /** Kind of the requests that are counted. */
    public enum Role {
        /** Requests that the version answers. */
        ANSWER,
        /** Shadow copies of requests, whose answers are discarded. */
        SHADOW;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Receives the counted events. */
    public interface Meters {
        /** Records a finished completion of this number of tokens. */
        void finished(int tokens, double firstTokenSeconds, double totalSeconds);

        /** Records a failed request. */
        void failed();
    }

    private static final class Counts {
        private final Meters meters;
        private final LongAdder texts = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final LongAdder tokens = new LongAdder();
        private final DoubleAdder firstTokenMilliseconds = new DoubleAdder();
        private final DoubleAdder totalMilliseconds = new DoubleAdder();

        Counts(Meters meters) {
            this.meters = meters;
        }
    }

    /**
     * Values of the counters at one time.
     *
     * @param texts finished completions
     * @param errors requests that the version failed
     * @param tokens generated tokens
     * @param firstTokenMilliseconds mean time to first token
     * @param totalMilliseconds mean time to the end
     */
    public record Snapshot(
            long texts, long errors, long tokens, double firstTokenMilliseconds, double totalMilliseconds) {}

    /** The current values of a role. */
    public Snapshot of(Role role) {
        Counts of = counts.get(role);
        long texts = of.texts.sum();
        double share = texts == 0 ? 0 : 1.0 / texts;
        return new Snapshot(
                texts,
                of.errors.sum(),
                of.tokens.sum(),
                share * of.firstTokenMilliseconds.sum(),
                share * of.totalMilliseconds.sum());
    }

    /** Records a finished completion. */
    public void finished(Role role, Output.End end) {
        finished(counts.get(role), end.completionTokens(), end.firstTokenMilliseconds(), end.totalMilliseconds());
    }

    /**
     * Records texts of one request that were read without generation.
     *
     * @param texts number of texts
     * @param milliseconds time until they were read
     */
    public void finished(Role role, int texts, double milliseconds) {
        for (int text = 0; text < texts; text++) {
            finished(counts.get(role), 0, milliseconds, milliseconds);
        }
    }

    private void finished(Counts of, int tokens, double firstTokenMilliseconds, double totalMilliseconds) {
        of.texts.increment();
        of.tokens.add(tokens);
        of.firstTokenMilliseconds.add(firstTokenMilliseconds);
        of.totalMilliseconds.add(totalMilliseconds);
        of.meters.finished(tokens, firstTokenMilliseconds / 1000, totalMilliseconds / 1000);
        forgive();
    }

    /** Records a request that the version failed. */
    public synchronized void failed(Role role, Throwable why) {
        Counts of = counts.get(role);
        of.errors.increment();
        of.meters.failed();
        lastFailure = String.valueOf(why.getMessage());
        failuresRunning++;
    }

    /** Reason for which a canary receives no more requests; empty if it does. */
    public String stopReason() {
        return failuresRunning < FAILURES_TO_STOP
                ? ""
                : FAILURES_TO_STOP + " consecutive requests failed, the last with: " + lastFailure;
    }

    /** Resets the consecutive failures, except of a stopped version: a request that succeeds later began earlier. */
    private synchronized void forgive() {
        if (failuresRunning < FAILURES_TO_STOP) {
            failuresRunning = 0;
        }
    }
}
