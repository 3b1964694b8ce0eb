package io.rootstock.registry.scheduling;

import io.grpc.StatusRuntimeException;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.watch.Changes;
import io.rootstock.scheduling.Owner;
import io.rootstock.scheduling.Policy;
import io.rootstock.scheduling.Quotas;
import io.rootstock.scheduling.Schedule;
import io.rootstock.scheduling.Scheduler;
import io.rootstock.scheduling.Snapshot;
import io.rootstock.scheduling.Usage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Decides about all jobs that wait for devices or hold them: after every change, and once a second. All state except the
 * time of the last accounting is in the database. Used by one thread of the leading registry.
 */
public final class SchedulingRound {
    /** Begins the messages of jobs that a limit keeps from starting. */
    private static final String HELD = "waits: ";

    private static final Logger LOG = Logger.getLogger(SchedulingRound.class);
    private static final Duration ACCOUNTING = Duration.ofSeconds(10);
    /** Longest time that is accounted at once; a registry that has not led for longer does not know what ran. */
    private static final Duration MAX_ACCOUNTING = Duration.ofMinutes(1);

    private final Database database;
    private final ClusterCapacity capacity;
    private final Policy policy;
    private final SchedulingActions actions;
    private final Changes changes;
    private final Forecasts forecasts;
    private Instant accounted = Instant.MIN;

    /**
     * Creates it without running it.
     *
     * @param devices reads the trainer's devices by kind; StatusRuntimeException if the trainer is unavailable
     */
    public SchedulingRound(
            Database database,
            Supplier<Map<String, Integer>> devices,
            Policy policy,
            SchedulingActions actions,
            Changes changes) {
        this.database = database;
        this.capacity = new ClusterCapacity(devices);
        this.policy = policy;
        this.actions = actions;
        this.changes = changes;
        this.forecasts = new Forecasts(database, policy);
    }

    /** Inputs of a decision. */
    private record State(List<ActiveJob> jobs, Quotas quotas, Usage usage, Map<String, Double> monthDollars) {}

    /** Decides, and stores the decisions; returns false if the trainer's devices are not known yet. */
    public boolean round() {
        Instant now = Instant.now();
        State state = database.read(connection -> state(connection, now));
        Usage usage = account(state, now);
        if (state.jobs().isEmpty()) {
            return true;
        }
        Optional<Map<String, Integer>> devices = capacity.devices(now);
        if (devices.isEmpty()) {
            return false;
        }
        Snapshot snapshot = new Snapshot(
                ActiveJob.seconds(now),
                devices.get(),
                state.jobs().stream().map(job -> job.seen(now)).toList(),
                state.quotas(),
                usage,
                state.monthDollars());
        apply(Scheduler.schedule(snapshot, policy), state.jobs());
        forecasts.update(state.jobs(), snapshot, now);
        return true;
    }

    private State state(Connection connection, Instant now) throws SQLException {
        List<ActiveJob> jobs = ActiveJob.list(connection);
        return jobs.isEmpty()
                ? new State(jobs, Quotas.NONE, Usage.NONE, Map.of())
                : new State(
                        jobs,
                        QuotaRepository.quotas(connection),
                        UsageRepository.usage(connection, now, policy),
                        UsageRepository.monthDollars(connection, now));
    }

    /** Adds the device time of the active jobs since the last accounting; returns the usage until now. */
    private Usage account(State state, Instant now) {
        List<ActiveJob> active =
                state.jobs().stream().filter(job -> !job.waits()).toList();
        Duration passed = accounted.equals(Instant.MIN) ? Duration.ZERO : Duration.between(accounted, now);
        if (active.isEmpty() || passed.isNegative() || passed.compareTo(MAX_ACCOUNTING) > 0) {
            accounted = now;
            return state.usage();
        }
        if (accounted.equals(Instant.MIN)) {
            accounted = now;
        }
        // The stored usage is decayed to now, so that only the new device time is added.
        double seconds = passed.toMillis() / 1000.0;
        Usage usage = state.usage()
                .plus(seconds, active.stream().map(job -> job.seen(now)).toList(), policy);
        if (passed.compareTo(ACCOUNTING) >= 0) {
            List<Owner> owners = active.stream()
                    .map(job -> job.schedule().owner())
                    .distinct()
                    .sorted()
                    .toList();
            database.write(connection -> {
                UsageRepository.store(connection, usage, owners, now);
                return null;
            });
            accounted = now;
        }
        return usage;
    }

    private void apply(Schedule schedule, List<ActiveJob> jobs) {
        Map<String, String> explanations = new HashMap<>();
        schedule.held().forEach(held -> explanations.put(held.job().id(), heldMessage(held.limit())));
        boolean changed = !schedule.starts().isEmpty()
                || !schedule.pauses().isEmpty()
                || !schedule.preemptions().isEmpty();
        for (Schedule.Pause pause : schedule.pauses()) {
            String id = pause.job().id();
            String message = pausedMessage(id, pause.limit(), pause.job().cost().dollarsSpent());
            LOG.infof("jobs/%s: %s", id, message);
            stop(id, new Stop(Stop.Reason.LIMIT, message));
        }
        for (Schedule.Preemption preemption : schedule.preemptions()) {
            String message = "preempted by jobs/" + preemption.preemptor().id() + "; waits for devices";
            LOG.infof("jobs/%s: %s", preemption.victim().id(), message);
            stop(preemption.victim().id(), new Stop(Stop.Reason.PREEMPTED, message));
        }
        schedule.starts()
                .forEach(job -> database.write(connection -> {
                    actions.release(connection, job.id());
                    return null;
                }));
        for (ActiveJob job : jobs) {
            String explanation = explanations.getOrDefault(
                    job.id(), job.message().startsWith(HELD) ? "waits for devices" : job.message());
            if (job.waits() && !explanation.equals(job.message())) {
                database.write(connection -> {
                    actions.explain(connection, job.id(), explanation);
                    return null;
                });
                changed = true;
            }
        }
        if (changed) {
            changes.announce();
        }
    }

    private void stop(String job, Stop stop) {
        database.write(connection -> {
            actions.stop(connection, job, stop);
            return null;
        });
    }

    /** The devices of the trainer by kind, as it reported them last. Used by one thread. */
    private static final class ClusterCapacity {
        private static final Duration FRESHNESS = Duration.ofSeconds(10);

        private final Supplier<Map<String, Integer>> source;
        private Optional<Map<String, Integer>> devices = Optional.empty();
        private Instant next = Instant.MIN;

        /**
         * Creates it without reading the devices.
         *
         * @param source reads them; a StatusRuntimeException says that the trainer is unavailable
         */
        ClusterCapacity(Supplier<Map<String, Integer>> source) {
            this.source = source;
        }

        /** Returns the devices; empty if the trainer has never reported them. */
        Optional<Map<String, Integer>> devices(Instant now) {
            if (!now.isBefore(next)) {
                try {
                    devices = Optional.of(source.get());
                    next = now.plus(FRESHNESS);
                } catch (StatusRuntimeException e) {
                    // The trainer is away; commands wait in the outbox, and the devices are those that it had.
                    return devices;
                }
            }
            return devices;
        }
    }

    /** The message of a job that a limit keeps from starting. */
    private static String heldMessage(Schedule.Limit limit) {
        return HELD
                + switch (limit) {
                    case Schedule.Limit.JobCost(double dollars) ->
                        "its cost limit of " + dollars(dollars) + " does not pay for the next minutes";
                    case Schedule.Limit.MonthCost(String name, double dollars) ->
                        name + " has reached its limit of " + dollars(dollars) + " in this month";
                    case Schedule.Limit.Devices(String name, int devices) ->
                        name + " holds the devices of its quota, " + devices;
                    case Schedule.Limit.Capacity(int devices) -> "the trainer has " + devices + " devices";
                };
    }

    /** The message of a job that a limit stops. */
    private static String pausedMessage(String job, Schedule.Limit limit, double spent) {
        return switch (limit) {
            case Schedule.Limit.JobCost(double dollars) ->
                "paused before its cost limit of " + dollars(dollars) + ", after " + dollars(spent)
                        + "; resume it with a higher limit: rootstock jobs resume " + job + " --max-cost DOLLARS";
            case Schedule.Limit.MonthCost(String name, double dollars) ->
                "paused before " + name + " exceeds its limit of " + dollars(dollars) + " in this month";
            case Schedule.Limit.Devices(String _, int _), Schedule.Limit.Capacity(int _) ->
                throw new IllegalArgumentException("a limit of devices does not stop a job: " + limit);
        };
    }

    private static String dollars(double value) {
        return String.format(Locale.ROOT, "$%.2f", value);
    }
}
