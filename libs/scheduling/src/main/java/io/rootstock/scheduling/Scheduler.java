package io.rootstock.scheduling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which jobs start, stop for others, and stop because of limits. Equal snapshots give equal decisions.
 *
 * <p>Of each kind of device, jobs start in the order of {@link FairShare}. The first one that does not fit preempts, if it
 * may, or gets a {@link Reservation}; jobs behind it start only if they do not delay it. Jobs at a quota wait and hold up no
 * other owner's jobs.
 */
public final class Scheduler {
    private final Snapshot snapshot;
    private final Policy policy;
    private final Holdings holdings;
    private final FairShare share;
    private final List<Schedule.Pause> pauses;
    /** Active jobs, without those that stop because of limits; with the started ones. */
    private final List<Job> active = new ArrayList<>();
    /** Devices by kind that stopping jobs and those that stop now will free. */
    private final Map<String, Integer> stopping = new HashMap<>();

    private final List<FairShare.Rank> waiting = new ArrayList<>();
    private final Map<String, Reservation> reservations = new HashMap<>();
    private final List<Job> starts = new ArrayList<>();
    private final List<Schedule.Preemption> preemptions = new ArrayList<>();

    private Scheduler(Snapshot snapshot, Policy policy) {
        this.snapshot = snapshot;
        this.policy = policy;
        this.holdings = new Holdings(snapshot, policy);
        this.share = new FairShare(snapshot, policy);
        this.pauses = CostLimits.pauses(snapshot, policy);
        Set<Job> paused = new HashSet<>();
        pauses.forEach(pause -> paused.add(pause.job()));
        for (Job job : snapshot.jobs()) {
            if (!job.isActive()) {
                waiting.add(share.rank(job));
            } else if (paused.contains(job)) {
                active.add(job.in(new Phase.Stopping(false)));
            } else {
                active.add(job);
            }
        }
        for (Job job : active) {
            if (job.phase() instanceof Phase.Stopping) {
                stopping.merge(job.kind(), job.devices(), Integer::sum);
            }
        }
    }

    /** Returns the decisions for a snapshot. */
    public static Schedule schedule(Snapshot snapshot, Policy policy) {
        Scheduler scheduler = new Scheduler(snapshot, policy);
        scheduler.decide();
        return new Schedule(scheduler.starts, scheduler.preemptions, scheduler.pauses, scheduler.held());
    }

    /** Returns the decisions without the held jobs. */
    static Schedule decisions(Snapshot snapshot, Policy policy) {
        Scheduler scheduler = new Scheduler(snapshot, policy);
        scheduler.decide();
        return new Schedule(scheduler.starts, scheduler.preemptions, scheduler.pauses, List.of());
    }

    private void decide() {
        startInOrder();
        backfill();
    }

    private List<Schedule.Held> held() {
        List<Schedule.Held> held = new ArrayList<>();
        for (FairShare.Rank rank : waiting) {
            holdings.limit(rank.job()).ifPresent(limit -> held.add(new Schedule.Held(rank.job(), limit)));
        }
        return held;
    }

    /** Starts jobs until the first one of each kind does not fit. */
    private void startInOrder() {
        Optional<FairShare.Rank> next = first(job -> !reservations.containsKey(job.kind()));
        while (next.isPresent()) {
            Job job = next.get().job();
            if (job.devices() <= holdings.free(job.kind())) {
                start(next.get());
            } else {
                reserve(job);
            }
            next = first(other -> !reservations.containsKey(other.kind()));
        }
    }

    /** Starts jobs behind a reservation that do not delay it. */
    private void backfill() {
        Optional<FairShare.Rank> next = first(this::isBackfill);
        while (next.isPresent()) {
            Job job = next.get().job();
            reservations.get(job.kind()).use(job, snapshot.time(), policy);
            start(next.get());
            next = first(this::isBackfill);
        }
    }

    private boolean isBackfill(Job job) {
        Reservation reservation = reservations.get(job.kind());
        return reservation != null
                && job.devices() <= holdings.free(job.kind())
                && reservation.allows(job, snapshot.time(), policy);
    }

    /** Returns the first waiting job in the current order that matches and that no limit holds. */
    private Optional<FairShare.Rank> first(Predicate<Job> condition) {
        FairShare.Rank best = null;
        for (FairShare.Rank rank : waiting) {
            if (condition.test(rank.job())
                    && (best == null || rank.compareTo(best) < 0)
                    && holdings.limit(rank.job()).isEmpty()) {
                best = rank;
            }
        }
        return Optional.ofNullable(best);
    }

    private void start(FairShare.Rank rank) {
        Job job = rank.job();
        waiting.remove(rank);
        holdings.take(job);
        share.charge(job);
        active.add(job);
        starts.add(job);
    }

    /** Preempts jobs for a job that does not fit, or reserves devices for it. */
    private void reserve(Job job) {
        double now = snapshot.time();
        int free = holdings.free(job.kind());
        List<Job> ofKind = active.stream()
                .filter(running -> running.kind().equals(job.kind()))
                .toList();
        Reservation reservation = Reservation.of(job, free, ofKind, now, policy);
        int available = free + stopping.getOrDefault(job.kind(), 0);
        if (available < job.devices() && reservation.start() > now + policy.stop()) {
            List<Job> running = ofKind.stream()
                    .filter(other -> other.phase() instanceof Phase.Running)
                    .toList();
            List<Job> victims = Preemptions.victims(job, job.devices() - available, running, now, policy);
            if (!victims.isEmpty()) {
                victims.forEach(victim -> preemptions.add(new Schedule.Preemption(victim, job)));
                int freed = victims.stream().mapToInt(Job::devices).sum();
                reservation = Reservation.now(now, available + freed - job.devices());
            }
        }
        reservations.put(job.kind(), reservation);
    }
}
