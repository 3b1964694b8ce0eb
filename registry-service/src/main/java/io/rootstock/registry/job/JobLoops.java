package io.rootstock.registry.job;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.database.RequestRetention;
import io.rootstock.registry.lease.Leases;
import io.rootstock.registry.loop.Loop;
import io.rootstock.registry.scheduling.SchedulingActions;
import io.rootstock.registry.scheduling.SchedulingRound;
import io.rootstock.registry.scheduling.Stop;
import io.rootstock.registry.watch.Changes;
import io.rootstock.scheduling.Policy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The background loops for jobs: the resolver, the scheduler, the dispatcher, one follower per active run, the retention, and the
 * extension of the leases.
 */
@ApplicationScoped
public class JobLoops implements AutoCloseable {
    private final Database database;
    private final Leadership leadership;
    private final Peers peers;
    private final JobJournal journal;
    private final Changes changes;
    private final JobRetention retention;
    private final Leases leases;
    private final Policy policy;
    private final Map<String, Thread> followers = new ConcurrentHashMap<>();
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    /** Term of the leadership in which leases were extended; used by one loop. */
    private int extendedTerm;

    /** Creates the loops without starting them. */
    @Inject
    public JobLoops(
            Database database,
            Leadership leadership,
            Peers peers,
            JobJournal journal,
            Changes changes,
            JobRetention retention,
            Leases leases,
            Policy policy) {
        this.database = database;
        this.leadership = leadership;
        this.peers = peers;
        this.journal = journal;
        this.changes = changes;
        this.retention = retention;
        this.leases = leases;
        this.policy = policy;
    }

    /** Starts the loops, once; they read their work from the database. */
    public void start() {
        Resolver resolver = new Resolver(database, peers, changes);
        Dispatcher dispatcher = new Dispatcher(database, leadership, peers, journal, changes);
        loops.add(new Loop("job-resolver", leadership, changes, resolver::round));
        SchedulingRound scheduler = new SchedulingRound(database, peers::capacity, policy, new JobActions(), changes);
        loops.add(new Loop("job-scheduler", leadership, changes, scheduler::round));
        loops.add(new Loop("job-dispatcher", leadership, changes, dispatcher::round));
        loops.add(new Loop("job-followers", leadership, changes, this::followAll));
        loops.add(new Loop("request-retention", leadership, changes, new RequestRetention(database)::round));
        loops.add(new Loop("job-leases", leadership, changes, this::extendLeases));
        loops.add(new Loop("job-retention", leadership, changes, new EndedJobs(database, changes, retention)::round));
    }

    /** Stops all loops; the next registry process sends a command again that is in flight now. */
    @Override
    public void close() {
        loops.forEach(Loop::close);
        followers.values().forEach(Thread::interrupt);
    }

    /** Extends all leases once when this registry has become the leader. */
    private boolean extendLeases() {
        int term = leadership.terms();
        if (term != extendedTerm) {
            leases.extendAll();
            extendedTerm = term;
        }
        return true;
    }

    private boolean followAll() {
        for (String job : database.read(TrainingRepository::live)) {
            followers.compute(job, (id, thread) -> thread != null && thread.isAlive() ? thread : follow(id));
        }
        followers.values().removeIf(thread -> !thread.isAlive());
        return true;
    }

    /** The scheduler's decisions, as commands and states. */
    private static final class JobActions implements SchedulingActions {
        @Override
        public void release(Connection connection, String job) throws SQLException {
            Optional<TrainingRow> row = TrainingRepository.lock(connection, job);
            if (row.isPresent()) {
                Decisions.release(connection, row.get());
            }
        }

        @Override
        public void stop(Connection connection, String job, Stop stop) throws SQLException {
            Optional<TrainingRow> row = TrainingRepository.lock(connection, job);
            if (row.isPresent()) {
                Decisions.stop(connection, row.get(), stop);
            }
        }

        @Override
        public void explain(Connection connection, String job, String message) throws SQLException {
            Optional<TrainingRow> row = TrainingRepository.lock(connection, job);
            if (row.isPresent() && row.get().schedule().waiting().isPresent()) {
                TrainingRepository.setDesired(connection, job, row.get().desired(), message);
            }
        }
    }

    private Thread follow(String job) {
        return Thread.ofVirtual()
                .name("follow-" + job)
                .start(new Follower(database, leadership, peers, journal, changes, job));
    }
}
