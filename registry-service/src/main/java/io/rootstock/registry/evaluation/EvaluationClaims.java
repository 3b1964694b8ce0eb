package io.rootstock.registry.evaluation;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.v1.ClaimEvaluationRequest;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.ReleaseEvaluationRequest;
import io.rootstock.evaluation.v1.ReportEvaluationRequest;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.job.JobEvents;
import io.rootstock.registry.job.JobStates;
import io.rootstock.registry.lease.Leases;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The evaluators' operations on evaluations: an evaluator works on one under its job's lease. */
@ApplicationScoped
public class EvaluationClaims {
    /** Expired leases after which an evaluation fails: it may end the process of each evaluator. */
    static final int MAX_EXPIRED = 3;

    private static final int MAX_MESSAGE_LENGTH = 4000;

    private final Database database;
    private final ArtifactStore store;
    private final Leases leases;
    private final Changes changes;

    /**
     * Creates the operations.
     *
     * @param changes notified after every change
     */
    @Inject
    public EvaluationClaims(Database database, ArtifactStore store, Leases leases, Changes changes) {
        this.database = database;
        this.store = store;
        this.leases = leases;
        this.changes = changes;
    }

    /** Claims an evaluation for an evaluator; empty if none is queued and no lease has expired. */
    public Optional<ClaimEvaluationResponse> claim(ClaimEvaluationRequest request) {
        ReportCheck.evaluator(request.getEvaluator());
        String preferred = request.getPreferred().isEmpty()
                ? ""
                : RequestNames.id(Evaluations.COLLECTION, request.getPreferred(), "preferred");
        while (true) {
            Attempt attempt = database.write(connection -> attempt(connection, request.getEvaluator(), preferred));
            if (attempt instanceof Attempt.Nothing) {
                return Optional.empty();
            }
            changes.announce();
            if (attempt instanceof Attempt.Claimed(ClaimEvaluationResponse claim)) {
                return Optional.of(claim);
            }
        }
    }

    /** Result of one attempt to claim an evaluation. */
    private sealed interface Attempt {
        /** No evaluation can be claimed. */
        record Nothing() implements Attempt {}

        /** An evaluation was set to FAILED, because too many of its leases have expired. */
        record Failed() implements Attempt {}

        /** The evaluator has a lease. */
        record Claimed(ClaimEvaluationResponse claim) implements Attempt {}
    }

    private Attempt attempt(Connection connection, String evaluator, String preferred) throws SQLException {
        Optional<String> claimable = EvaluationRepository.lockClaimable(connection, preferred);
        if (claimable.isEmpty()) {
            return new Attempt.Nothing();
        }
        EvaluationRow row =
                EvaluationRepository.find(connection, claimable.get()).orElseThrow();
        boolean expired = row.state() == JobState.JOB_STATE_RUNNING;
        String last = Leases.last(connection, row.id()).orElseThrow().holder();
        int expiredLeases = row.expiredLeases() + (expired ? 1 : 0);
        if (failedEvaluators(connection, row, expiredLeases, last)) {
            return new Attempt.Failed();
        }
        EvaluationRepository.setExpiredLeases(connection, row.id(), expiredLeases);
        long lease = leases.take(connection, row.id(), evaluator);
        JobEvents.change(
                connection,
                row.job(),
                JobState.JOB_STATE_RUNNING,
                "running at " + evaluator + (expired ? "; the lease of " + last + " expired" : ""));
        return new Attempt.Claimed(ClaimEvaluationResponse.newBuilder()
                .setEvaluation(EvaluationRepository.find(connection, row.id())
                        .orElseThrow()
                        .toProto())
                .setSuiteRevision(
                        SuiteRepository.find(connection, row.suiteRevision()).orElseThrow())
                .setLease(lease)
                .setLeaseSeconds((int) (leases.millis() / 1000))
                .addAllTrainingData(
                        row.spec().getCheckContamination() ? TrainingLineage.of(connection, row.version()) : List.of())
                .build());
    }

    /** Sets an evaluation to FAILED if too many of its leases have expired; returns false otherwise. */
    private static boolean failedEvaluators(
            Connection connection, EvaluationRow row, int expiredLeases, String evaluator) throws SQLException {
        if (expiredLeases < MAX_EXPIRED) {
            return false;
        }
        fail(
                connection,
                row,
                expiredLeases + " evaluators stopped while they ran the evaluation, the last one was " + evaluator
                        + "; read its log, then `rootstock jobs resume " + row.id() + "`");
        return true;
    }

    /**
     * Ends a lease before it expires and queues the evaluation again.
     *
     * @throws StatusRuntimeException ABORTED if the lease is lost or the evaluation is not running
     */
    public void release(ReleaseEvaluationRequest request) {
        String id = RequestNames.id(Evaluations.COLLECTION, request.getName(), "name");
        database.write(connection -> {
            EvaluationRow row = locked(connection, id, request.getLease());
            requireRunning(row);
            String evaluator = Leases.last(connection, id).orElseThrow().holder();
            int expiredLeases = row.expiredLeases() + (request.getCrashed() ? 1 : 0);
            if (!failedEvaluators(connection, row, expiredLeases, evaluator)) {
                Leases.revoke(connection, id);
                EvaluationRepository.setExpiredLeases(connection, id, expiredLeases);
                JobEvents.change(
                        connection,
                        row.job(),
                        JobState.JOB_STATE_QUEUED,
                        evaluator + (request.getCrashed() ? " restarted" : " stopped"));
            }
            return null;
        });
        changes.announce();
    }

    /**
     * Renews a lease and stores progress and results; returns true if the evaluation was cancelled.
     *
     * @throws StatusRuntimeException ABORTED if the lease is lost
     */
    public boolean report(ReportEvaluationRequest request) {
        String id = RequestNames.id(Evaluations.COLLECTION, request.getName(), "name");
        if (request.hasProgress()) {
            ReportCheck.progress(request.getProgress());
        }
        ReportCheck.results(request.getResultsList(), "results");
        boolean cancelled = database.write(connection -> {
            EvaluationRow row = locked(connection, id, request.getLease());
            if (row.state() == JobState.JOB_STATE_CANCELLED) {
                return true;
            }
            requireRunning(row);
            leases.renew(connection, id);
            if (request.hasProgress()) {
                store(connection, row, request.getProgress());
            }
            store(connection, row, request.getResultsList(), "results");
            return false;
        });
        changes.announce(id);
        return cancelled;
    }

    /**
     * Ends an evaluation; without effect if the same lease has ended it in the same way.
     *
     * @throws StatusRuntimeException ABORTED if the lease is lost or the evaluation was cancelled
     */
    public void finish(FinishEvaluationRequest request) {
        String id = RequestNames.id(Evaluations.COLLECTION, request.getName(), "name");
        switch (request.getOutcomeCase()) {
            case SUCCESS -> succeed(id, request.getLease(), request.getSuccess());
            case FAILURE -> {
                String message = request.getFailure().getMessage();
                fail(
                        id,
                        request.getLease(),
                        message.isBlank()
                                ? "the evaluator gave no reason; read its log"
                                : message.substring(0, Math.min(MAX_MESSAGE_LENGTH, message.length())));
            }
            case OUTCOME_NOT_SET -> throw Errors.invalidArgument("outcome", "must be success or failure");
        }
        changes.announce();
    }

    private void succeed(String id, long lease, EvaluationSuccess given) {
        ReportCheck.success(given);
        EvaluationSuccess.Builder stored = given.toBuilder();
        stored.getRowsBuilder()
                .setBytes(StoredContent.renewed(
                        store, given.getRows().getDigest(), given.getRows().getBytes(), "success.rows"));
        EvaluationSuccess success = stored.build();
        database.write(connection -> {
            EvaluationRow row = locked(connection, id, lease);
            if (row.rows().equals(Optional.of(success.getRows()))) {
                return null;
            }
            requireRunning(row);
            List<String> finished =
                    success.getResultsList().stream().map(TaskResult::getTask).toList();
            for (String task : row.tasks(SuiteRepository.tasks(connection, row.suiteRevision()))) {
                if (!finished.contains(task)) {
                    throw Errors.invalidArgument("success.results", "task '" + task + "' has no result");
                }
            }
            replace(connection, row, success.getResultsList(), "success.results");
            EvaluationRepository.setSuccess(connection, id, success);
            Leases.release(connection, id);
            JobEvents.change(connection, row.job(), JobState.JOB_STATE_SUCCEEDED, "");
            return null;
        });
    }

    private void fail(String id, long lease, String message) {
        database.write(connection -> {
            EvaluationRow row = locked(connection, id, lease);
            if (row.state() != JobState.JOB_STATE_FAILED || !row.job().message().equals(message)) {
                requireRunning(row);
                fail(connection, row, message);
            }
            return null;
        });
    }

    private static void fail(Connection connection, EvaluationRow row, String message) throws SQLException {
        Leases.release(connection, row.id());
        JobEvents.change(connection, row.job(), JobState.JOB_STATE_FAILED, message);
    }

    private static void store(Connection connection, EvaluationRow row, EvaluationProgress progress)
            throws SQLException {
        if (row.progress().equals(Optional.of(progress))) {
            return;
        }
        EvaluationRepository.setProgress(connection, row.id(), progress);
        if (row.progressDue()) {
            JobEvents.append(
                    connection,
                    row.id(),
                    JobEvent.newBuilder().setEvaluationProgress(progress).build());
            EvaluationRepository.countProgressEvent(connection, row.id());
        }
    }

    /** Stores results of tasks that have none. */
    private static void store(Connection connection, EvaluationRow row, List<TaskResult> results, String field)
            throws SQLException {
        List<String> known = row.results().stream().map(TaskResult::getTask).toList();
        replace(
                connection,
                row,
                results.stream()
                        .filter(result -> !known.contains(result.getTask()))
                        .toList(),
                field);
    }

    /** Stores results that differ from the stored ones. */
    private static void replace(Connection connection, EvaluationRow row, List<TaskResult> results, String field)
            throws SQLException {
        if (results.isEmpty()) {
            return;
        }
        List<String> ofSuite = SuiteRepository.tasks(connection, row.suiteRevision());
        List<String> tasks = row.tasks(ofSuite);
        for (TaskResult result : results) {
            if (!tasks.contains(result.getTask())) {
                throw Errors.invalidArgument(field, "'" + result.getTask() + "' is not a task of " + row.name());
            }
            if (!row.results().contains(result)) {
                EvaluationRepository.setResult(connection, row.id(), ofSuite.indexOf(result.getTask()), result);
                JobEvents.append(
                        connection,
                        row.id(),
                        JobEvent.newBuilder().setTaskResult(result).build());
            }
        }
    }

    private static EvaluationRow locked(Connection connection, String id, long lease) throws SQLException {
        EvaluationRow row = EvaluationRepository.lock(connection, id).orElseThrow(() -> Evaluations.noEvaluation(id));
        Leases.require(connection, id, lease);
        return row;
    }

    private static void requireRunning(EvaluationRow row) {
        if (row.state() != JobState.JOB_STATE_RUNNING) {
            throw Errors.aborted("LEASE_LOST", row.job().name() + " is " + JobStates.column(row.state()));
        }
    }
}
