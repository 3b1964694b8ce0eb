package io.rootstock.inference.metrics;

import io.rootstock.inference.engine.Output;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** What a loaded version did, counted apart for the requests it answered and for the copies it got. Safe for many threads. */
public final class VersionFigures {
    /** Failures running after which a version on trial gets no more requests. */
    static final int FAILURES_TO_STOP = 3;

    private final Map<Role, Counts> counts = new EnumMap<>(Role.class);
    private volatile int failuresRunning;
    private volatile String lastFailure = "";

    /** Figures that also go to these meters. */
    public VersionFigures(Function<Role, Meters> meters) {
        for (Role role : Role.values()) {
            counts.put(role, new Counts(meters.apply(role)));
        }
    }

    /** Why requests are had. */
    public enum Role {
        /** It answers them. */
        ANSWER,
        /** They are copies; their answers are thrown away. */
        SHADOW;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Hears what is counted. */
    public interface Meters {
        /** A text of so many tokens was finished. */
        void finished(int tokens, double firstTokenSeconds, double totalSeconds);

        /** A request failed. */
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
     * Figures at a moment.
     *
     * @param texts texts finished
     * @param errors requests that the version failed
     * @param tokens tokens made
     * @param firstTokenMilliseconds mean time to the first token
     * @param totalMilliseconds mean time to the end
     */
    public record Snapshot(
            long texts, long errors, long tokens, double firstTokenMilliseconds, double totalMilliseconds) {}

    /** The figures of a role. */
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

    /** A text was finished. */
    public void finished(Role role, Output.End end) {
        finished(counts.get(role), end.completionTokens(), end.firstTokenMilliseconds(), end.totalMilliseconds());
    }

    /** So many texts of one request were read, with nothing made; it took so long until they were. */
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

    /** The version failed a request. */
    public synchronized void failed(Role role, Throwable why) {
        Counts of = counts.get(role);
        of.errors.increment();
        of.meters.failed();
        lastFailure = String.valueOf(why.getMessage());
        failuresRunning++;
    }

    /** Why a version on trial should get no more requests; empty: it may. */
    public String stopReason() {
        return failuresRunning < FAILURES_TO_STOP
                ? ""
                : FAILURES_TO_STOP + " requests running failed, the last with: " + lastFailure;
    }

    /** A stopped version stays stopped: what ends well after that began before. */
    private synchronized void forgive() {
        if (failuresRunning < FAILURES_TO_STOP) {
            failuresRunning = 0;
        }
    }
}
