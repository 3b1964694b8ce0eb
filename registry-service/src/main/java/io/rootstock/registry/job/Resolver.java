package io.rootstock.registry.job;

import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.resource.JobDatasets;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.watch.Changes;
import io.rootstock.trainer.v1.RunSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Resolves the datasets of jobs accepted while the tokenizer service was unavailable; queues or fails the jobs. */
final class Resolver {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Database database;
    private final Peers peers;
    private final Changes changes;

    Resolver(Database database, Peers peers, Changes changes) {
        this.database = database;
        this.peers = peers;
        this.changes = changes;
    }

    /** Resolves all VALIDATING jobs, oldest first; returns false if the tokenizer service is still unavailable. */
    boolean round() {
        List<String> jobs = database.read(TrainingRepository::validating);
        for (String job : jobs) {
            if (!resolve(job)) {
                return false;
            }
        }
        return true;
    }

    private boolean resolve(String id) {
        Optional<TrainingRow> found = database.read(connection -> TrainingRepository.find(connection, id));
        if (found.isEmpty()) {
            return true;
        }
        TrainingRow job = found.get();
        try {
            JobDatasets datasets = JobDatasets.read(job.spec(), name -> Optional.of(peers.dataset(name, LIMIT)))
                    .orElseThrow();
            Optional<Version> base = job.base()
                    .map(name -> database.read(
                            connection -> Models.version(connection, new VersionReference.ByNumber(name))));
            Optional<RunSpec> extended = database.read(connection -> TrainingJobs.extended(connection, job.spec()));
            RunSpec run = SpecCheck.resolved(job.spec(), datasets, base, extended);
            finish(id, Optional.of(new Resolved(datasets, run)), "");
            return true;
        } catch (StatusRuntimeException e) {
            if (Peers.isTransient(e)) {
                return false;
            }
            finish(id, Optional.empty(), Peers.reason(e));
            return true;
        }
    }

    private record Resolved(JobDatasets datasets, RunSpec run) {}

    private void finish(String id, Optional<Resolved> resolved, String reason) {
        database.write(connection -> {
            TrainingRow job = TrainingRepository.lock(connection, id).orElse(null);
            if (job == null || job.state() != JobState.JOB_STATE_VALIDATING) {
                return null;
            }
            if (resolved.isPresent()) {
                resolved.get().datasets().require(connection);
                TrainingJobs.queue(
                        connection,
                        id,
                        resolved.get().datasets().first(),
                        resolved.get().run());
            } else {
                JobEvents.transition(connection, job, JobState.JOB_STATE_FAILED, reason);
            }
            return null;
        });
        changes.announce();
    }
}
