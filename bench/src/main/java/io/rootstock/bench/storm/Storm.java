package io.rootstock.bench.storm;

import io.rootstock.bench.kill.Patience;
import io.rootstock.bench.storm.FaultyProxy.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Carries out faults, at most two at a time, and prints each with its time. */
final class Storm {
    private static final int AT_A_TIME = 2;

    private final Cluster cluster;
    private final long start = System.nanoTime();
    private final List<Active> active = new ArrayList<>();
    private volatile boolean diskWasFull;
    private int count;

    Storm(Cluster cluster) {
        this.cluster = cluster;
    }

    /** A fault that is to be healed. */
    private record Active(int number, Fault fault, long end, List<Long> frozen) {}

    /** Whether a disk has been full. */
    boolean diskWasFull() {
        return diskWasFull;
    }

    /** Carries out all faults and heals them. */
    void carryOut(List<Fault> faults) {
        System.out.printf("%7s %5s %-15s %8s  %s%n", "second", "fault", "kind", "length", "place");
        for (Fault fault : faults) {
            healUntil(() -> active.size() < AT_A_TIME
                    && active.stream().noneMatch(other -> other.fault().overlaps(fault)));
            begin(fault);
            long next = System.nanoTime() + fault.gap().toNanos();
            healUntil(() -> System.nanoTime() >= next);
        }
        healUntil(active::isEmpty);
    }

    /** Heals faults whose time is over, until a condition is true. */
    private void healUntil(BooleanSupplier condition) {
        while (true) {
            active.stream()
                    .filter(fault -> System.nanoTime() >= fault.end())
                    .sorted(Comparator.comparingLong(Active::end))
                    .toList()
                    .forEach(this::heal);
            if (condition.getAsBoolean()) {
                return;
            }
            Patience.sleep(Duration.ofMillis(20));
        }
    }

    private void begin(Fault fault) {
        count++;
        System.out.printf(
                "%7.1f %5d %-15s %8.1f  %s%n",
                seconds(),
                count,
                fault.kind().name().toLowerCase(Locale.ROOT),
                fault.length().toMillis() / 1e3,
                fault.places().size() == Place.values().length
                        ? "all"
                        : fault.places().stream().map(Place::label).collect(Collectors.joining(", ")));
        List<Long> frozen = inject(fault);
        active.add(new Active(count, fault, System.nanoTime() + fault.length().toNanos(), frozen));
    }

    /** Begins a fault; returns the processes that it has frozen. */
    private List<Long> inject(Fault fault) {
        Place place = fault.places().getFirst();
        switch (fault.kind()) {
            case KILL -> cluster.node(place).kill();
            case KILL_ALL -> {
                Commands.signal("KILL", Processes.workers(cluster.runs()));
                fault.places().forEach(each -> cluster.node(each).kill());
            }
            case TERMINATE -> cluster.node(place).terminate();
            case KILL_WORKERS -> Commands.signal("KILL", Processes.workers(cluster.runs()));
            case FREEZE -> {
                return frozen(cluster.node(place).pids());
            }
            case FREEZE_WORKERS -> {
                return frozen(Processes.workers(cluster.runs()));
            }
            case ISOLATE -> cluster.network().isolate(place);
            case SEPARATE -> cluster.network().separate(place, fault.places().getLast());
            case FULL_DISK -> {
                diskWasFull = true;
                cluster.disk(place).orElseThrow().fill();
            }
            case S3_ERROR -> cluster.proxy().become(Mode.ERROR);
            case S3_OVERLOADED -> cluster.proxy().become(Mode.OVERLOADED);
            case S3_RESET -> cluster.proxy().become(Mode.RESET);
            case S3_HANG -> cluster.proxy().become(Mode.HANG);
        }
        return List.of();
    }

    private void heal(Active ended) {
        active.remove(ended);
        Fault fault = ended.fault();
        Place place = fault.places().getFirst();
        switch (fault.kind()) {
            case KILL, TERMINATE, KILL_ALL ->
                fault.places().forEach(each -> cluster.node(each).up());
            case FREEZE, FREEZE_WORKERS -> Commands.signal("CONT", ended.frozen());
            case ISOLATE -> cluster.network().rejoin(place);
            case SEPARATE -> cluster.network().reunite(place, fault.places().getLast());
            case FULL_DISK -> cluster.disk(place).orElseThrow().empty();
            case S3_ERROR, S3_OVERLOADED, S3_RESET, S3_HANG -> cluster.proxy().become(Mode.FORWARD);
            case KILL_WORKERS -> {
                // The trainer starts them again.
            }
        }
        System.out.printf("%7.1f %5d healed%n", seconds(), ended.number());
    }

    private static List<Long> frozen(List<Long> pids) {
        Commands.signal("STOP", pids);
        return pids;
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }
}
