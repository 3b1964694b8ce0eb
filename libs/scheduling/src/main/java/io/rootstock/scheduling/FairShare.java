package io.rootstock.scheduling;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * The order in which waiting jobs start: priority class with aging, then fair share of teams, then fair share of the users of
 * a team, then time of submission. The fair share is Slurm's Fair Tree of two levels: the team with the smallest usage per
 * weight is first with all its jobs.
 *
 * <p>The usage includes the device time that running jobs will use, discounted with the half-life by which used time decays.
 * Without it, a team whose usage is the smallest would get all free devices at once.
 */
final class FairShare {
    private static final int OVERDUE = Priority.HIGH.level() + 1;
    private static final Comparator<Rank> SUBMITTED = Comparator.<Rank>comparingDouble(
                    rank -> rank.job().submitTime())
            .thenComparing(rank -> rank.job().id());

    private final Snapshot snapshot;
    private final Policy policy;
    private final Map<String, Account> teams = new HashMap<>();
    private final Map<Owner, Account> users = new HashMap<>();

    /** Usage of a team or of a user in a team, while decisions are made. */
    private static final class Account {
        private final double weight;
        private double deviceSeconds;

        Account(double weight) {
            this.weight = weight;
        }

        double usagePerWeight() {
            return deviceSeconds / weight;
        }
    }

    /** A job with its place in the order, which changes when jobs are charged. */
    record Rank(Job job, int level, Account team, Account user) implements Comparable<Rank> {
        @Override
        public int compareTo(Rank other) {
            if (level != other.level) {
                return Integer.compare(other.level, level);
            }
            if (level < OVERDUE) {
                int byTeam = Double.compare(team.usagePerWeight(), other.team.usagePerWeight());
                if (byTeam != 0) {
                    return byTeam;
                }
                int byUser = Double.compare(user.usagePerWeight(), other.user.usagePerWeight());
                if (byUser != 0) {
                    return byUser;
                }
            }
            return SUBMITTED.compare(this, other);
        }
    }

    /** Charges the used device time and the jobs that hold devices. */
    FairShare(Snapshot snapshot, Policy policy) {
        this.snapshot = snapshot;
        this.policy = policy;
        snapshot.usage().deviceSeconds().forEach(this::add);
        snapshot.jobs().stream().filter(Job::isActive).forEach(this::charge);
    }

    /** Charges the owner for the device time that a job will use. */
    void charge(Job job) {
        double seconds = switch (job.phase()) {
            case Phase.Waiting(), Phase.Running(double _, double _) -> job.secondsToStop(policy);
            case Phase.Stopping(boolean _) -> policy.stop();
        };
        add(job.owner(), job.devices() * policy.decayedSpan(seconds));
    }

    /** Returns a waiting job with its place in the order. */
    Rank rank(Job job) {
        return new Rank(job, level(job, snapshot.time(), policy), team(job.owner()), user(job.owner()));
    }

    /** Returns the priority class of a job, raised by its waiting time; above the highest class: overdue. */
    static int level(Job job, double now, Policy policy) {
        double waited = Math.max(0, now - job.submitTime());
        return (int) Math.min(OVERDUE, job.priority().level() + Math.floor(waited / policy.aging()));
    }

    private void add(Owner owner, double deviceSeconds) {
        team(owner).deviceSeconds += deviceSeconds;
        user(owner).deviceSeconds += deviceSeconds;
    }

    private Account team(Owner owner) {
        return teams.computeIfAbsent(
                owner.team(), name -> new Account(snapshot.quotas().of(name).weight()));
    }

    private Account user(Owner owner) {
        return users.computeIfAbsent(
                owner, name -> new Account(snapshot.quotas().of(name.user()).weight()));
    }
}
