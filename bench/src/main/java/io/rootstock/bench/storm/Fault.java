package io.rootstock.bench.storm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * One fault.
 *
 * @param places processes that it concerns; two faults at a time concern different ones
 * @param length time until it is healed
 * @param gap time until the next fault begins
 */
record Fault(Kind kind, List<Place> places, Duration length, Duration gap) {
    private static final int MAX_GAP_MILLIS = 10_000;
    private static final List<Place> ALL = List.of(Place.values());
    private static final List<Place> WITH_DISK =
            ALL.stream().filter(Place::ownsDisk).toList();

    Fault {
        places = List.copyOf(places);
    }

    /** Kinds of faults, with their share and longest length. */
    enum Kind {
        /** SIGKILL of one process, and its start after a while. */
        KILL(12, 3000),
        /** SIGKILL of all processes and workers at once. */
        KILL_ALL(2, 1000),
        /** SIGTERM of a service, as in a rolling upgrade. */
        TERMINATE(3, 1000),
        /** SIGSTOP of one process, and SIGCONT after a while. */
        FREEZE(10, 10_000),
        KILL_WORKERS(8, 0),
        FREEZE_WORKERS(5, 8000),
        /** One process is cut off from all others. */
        ISOLATE(6, 10_000),
        /** Two processes do not reach each other. */
        SEPARATE(6, 10_000),
        FULL_DISK(5, 6000),
        S3_ERROR(2, 6000),
        S3_OVERLOADED(2, 6000),
        S3_RESET(2, 6000),
        S3_HANG(2, 6000);

        private final int share;
        private final int longestMillis;

        Kind(int share, int longestMillis) {
            this.share = share;
            this.longestMillis = longestMillis;
        }

        boolean needsNamespaces() {
            return this == ISOLATE || this == SEPARATE || this == FULL_DISK;
        }
    }

    /** Returns random faults of these kinds, by their shares. */
    static List<Fault> sequence(int count, Set<Kind> kinds, Random random) {
        List<Kind> weighted = new ArrayList<>();
        for (Kind kind : kinds) {
            for (int i = 0; i < kind.share; i++) {
                weighted.add(kind);
            }
        }
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Kind kind = weighted.get(random.nextInt(weighted.size()));
            faults.add(new Fault(
                    kind,
                    places(kind, random),
                    Duration.ofMillis(random.nextInt(kind.longestMillis + 1)),
                    Duration.ofMillis(random.nextInt(MAX_GAP_MILLIS))));
        }
        return faults;
    }

    private static List<Place> places(Kind kind, Random random) {
        return switch (kind) {
            case KILL, FREEZE, ISOLATE -> List.of(any(ALL, random));
            case TERMINATE ->
                List.of(any(
                        ALL.stream()
                                .filter(place -> place.service().isPresent())
                                .toList(),
                        random));
            case SEPARATE -> {
                Place one = any(ALL, random);
                List<Place> others = new ArrayList<>(ALL);
                others.remove(one);
                yield List.of(one, any(others, random));
            }
            case FULL_DISK -> List.of(any(WITH_DISK, random));
            case S3_ERROR, S3_OVERLOADED, S3_RESET, S3_HANG -> List.of(Place.S3);
            case KILL_WORKERS, FREEZE_WORKERS -> List.of(Place.TRAINER);
            case KILL_ALL -> ALL;
        };
    }

    private static Place any(List<Place> places, Random random) {
        return places.get(random.nextInt(places.size()));
    }

    boolean overlaps(Fault other) {
        return places.stream().anyMatch(other.places::contains);
    }
}
