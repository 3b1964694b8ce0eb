package io.rootstock.registry.job;

import com.google.protobuf.Message;
import io.quarkus.arc.All;
import io.rootstock.job.v1.JobKind;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.PauseJobRequest;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.watch.Changes;
import io.rootstock.registry.watch.ResumeToken;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The clients' operations on jobs of every kind. {@link TrainingJobs} and evaluations create them. */
@ApplicationScoped
public class Jobs {
    private final Database database;
    private final Changes changes;
    private final Map<JobKind, JobOperations> operations = new EnumMap<>(JobKind.class);

    /**
     * Creates the operations.
     *
     * @param changes notified after every change
     * @param operations those of each kind
     */
    @Inject
    public Jobs(Database database, Changes changes, @All List<JobOperations> operations) {
        this.database = database;
        this.changes = changes;
        operations.forEach(kinds -> kinds.kinds().forEach(kind -> this.operations.put(kind, kinds)));
    }

    /** Returns a job; NOT_FOUND if it does not exist. */
    public Job get(String id) {
        return find(id).orElseThrow(() -> noJob(id));
    }

    /** Returns a job; empty if it does not exist. */
    public Optional<Job> find(String id) {
        return database.read(connection -> find(connection, id));
    }

    /** Returns the jobs of a page that the caller may see, whose query has {@link JobFilter#FIELDS}. */
    public List<PageQuery.Listed<Job>> list(JobFilter filter, PageQuery page) {
        return database.read(connection -> {
            List<PageQuery.Listed<JobRow>> rows = JobRepository.list(connection, filter, page);
            Map<JobOperations, List<String>> ids = rows.stream()
                    .collect(Collectors.groupingBy(
                            listed -> operations.get(listed.item().kind()),
                            Collectors.mapping(listed -> listed.item().id(), Collectors.toList())));
            Map<String, Job> jobs = new HashMap<>();
            for (Map.Entry<JobOperations, List<String>> kinds : ids.entrySet()) {
                kinds.getKey().read(connection, kinds.getValue()).forEach(job -> jobs.put(job.getName(), job));
            }
            return rows.stream()
                    .map(listed -> new PageQuery.Listed<>(
                            listed.cursor(), jobs.get(listed.item().name())))
                    .toList();
        });
    }

    /**
     * Returns a feed of a job's events.
     *
     * @param afterSequence sequence number of the last event that the watcher has; 0: none
     */
    public JobFeed feed(String id, long afterSequence) {
        return new JobFeed(database, id, afterSequence);
    }

    /** Returns a feed of a job's events after a position of an earlier feed. */
    public JobFeed feed(String id, ResumeToken position) {
        return new JobFeed(database, id, position);
    }

    /** Cancels a job; without effect on a cancelled job. */
    public Job cancel(CancelJobRequest request) {
        return change(request.getName(), request, JobOperations::cancel);
    }

    /** Pauses a job at a checkpoint; without effect on a paused job. */
    public Job pause(PauseJobRequest request) {
        return change(request.getName(), request, JobOperations::pause);
    }

    /** Resumes a stopped job from its last checkpoint; on a queued or running job, revokes a requested pause. */
    public Job resume(ResumeJobRequest request) {
        return change(request.getName(), request, (kind, connection, id) -> kind.resume(connection, id, request));
    }

    /** Deletes a job that has ended. */
    public void delete(DeleteJobRequest request) {
        String id = id(request.getName());
        database.write(connection -> RequestLog.once(connection, request, () -> {
            JobRow job = JobRepository.lock(connection, id).orElseThrow(() -> noJob(id));
            if (!JobStates.isTerminal(job.state())) {
                throw Errors.failedPrecondition(
                        "WRONG_STATE",
                        job.name() + " is " + JobStates.column(job.state()) + " and cannot be deleted; cancel it first:"
                                + " rootstock jobs cancel " + id);
            }
            operations.get(job.kind()).delete(connection, id);
            JobRepository.delete(connection, List.of(id));
            return "";
        }));
        changes.announce();
    }

    /** A change of a locked job. */
    private interface Change {
        void apply(JobOperations operations, Connection connection, String id) throws SQLException;
    }

    private Job change(String name, Message request, Change change) {
        String id = id(name);
        Job job = database.write(connection -> {
            String _ = RequestLog.once(connection, request, () -> {
                JobRow row = JobRepository.lock(connection, id).orElseThrow(() -> noJob(id));
                change.apply(operations.get(row.kind()), connection, id);
                return "";
            });
            return find(connection, id).orElseThrow(() -> noJob(id));
        });
        changes.announce();
        return job;
    }

    private Optional<Job> find(Connection connection, String id) throws SQLException {
        Optional<JobRow> row = JobRepository.find(connection, id);
        return row.isEmpty()
                ? Optional.empty()
                : operations.get(row.get().kind()).read(connection, List.of(id)).stream()
                        .findFirst();
    }

    private static String id(String name) {
        return RequestNames.id("jobs", name, "name");
    }

    static RuntimeException noJob(String id) {
        return Errors.notFound("jobs/" + id, "list the jobs with `rootstock jobs list`");
    }
}
