package io.rootstock.bench.storm;

import java.util.EnumMap;
import java.util.Map;

/** Counts what must not happen, and prints each case. */
final class Findings {
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

    /** Kinds of violations. */
    enum Kind {
        /**
         * A missing or changed acknowledged write: a job, a version, an alias move, an uploaded artifact, or an event that a
         * watcher has received; or a promoted version that is not served in the end.
         */
        LOST,
        /** A gap or a repetition in the sequence numbers of a job's events or of its run's, or a job with two versions. */
        HOLES,
        /**
         * A job that has not ended some minutes after the last fault, that has failed although no disk was full, or whose last
         * checkpoint or artifacts differ from those of an undisturbed run of the same spec.
         */
        UNRESUMED,
        /** Two processes that train one run at the same time, or two registries that lead. */
        DOUBLE_WORKERS
    }

    synchronized void add(Kind kind, String description) {
        counts.merge(kind, 1, Integer::sum);
        System.out.println("FOUND " + kind + ": " + description);
    }

    synchronized int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }
}
