package io.rootstock.registry.job;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.trainer.v1.CancelRunRequest;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.GetRunRequest;
import io.rootstock.trainer.v1.PauseRunRequest;
import io.rootstock.trainer.v1.ResumeRunRequest;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.StartRunRequest;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import io.rootstock.trainer.v1.WatchRunRequest;
import io.rootstock.trainer.v1.WatchRunResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Clients of the two services that jobs need: the tokenizer service, which resolves datasets, and the trainer. */
public class Peers {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final DatasetServiceGrpc.DatasetServiceBlockingStub tokenizer;
    private final TrainerServiceGrpc.TrainerServiceBlockingStub trainer;

    /** Creates the clients on two open channels, which the caller closes. */
    public Peers(Channel tokenizer, Channel trainer) {
        this.tokenizer = DatasetServiceGrpc.newBlockingStub(tokenizer);
        this.trainer = TrainerServiceGrpc.newBlockingStub(trainer);
    }

    /** Returns true if a retry may succeed: the service is unavailable, overloaded or failing. */
    static boolean isTransient(StatusRuntimeException failure) {
        return switch (failure.getStatus().getCode()) {
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    DATA_LOSS -> false;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    ABORTED,
                    INTERNAL,
                    UNAVAILABLE,
                    UNAUTHENTICATED -> true;
        };
    }

    /** Returns true if the service cannot be reached or does not answer in time. */
    static boolean isUnavailable(StatusRuntimeException failure) {
        Status.Code code = failure.getStatus().getCode();
        return code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
    }

    static boolean isNotFound(StatusRuntimeException failure) {
        return failure.getStatus().getCode() == Status.Code.NOT_FOUND;
    }

    static String reason(StatusRuntimeException failure) {
        String description = failure.getStatus().getDescription();
        return failure.getStatus().getCode() + (description == null ? "" : ": " + description);
    }

    /** Returns a dataset of the tokenizer service. */
    public Dataset dataset(String name, Duration limit) {
        return tokenizer
                .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                .getDataset(GetDatasetRequest.newBuilder().setName(name).build())
                .getDataset();
    }

    /** Requests an estimate of a run; the trainer rejects an invalid spec. */
    public void estimate(RunSpec spec, Duration limit) {
        EstimateRunRequest request =
                EstimateRunRequest.newBuilder().setSpec(spec).build();
        trainer.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS).estimateRun(request);
    }

    /** Starts a run; idempotent for equal specs. */
    public Run start(String run, RunSpec spec) {
        return limited()
                .startRun(
                        StartRunRequest.newBuilder().setRunId(run).setSpec(spec).build())
                .getRun();
    }

    /** Cancels a run. */
    public Run cancel(String run) {
        return limited()
                .cancelRun(CancelRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }

    /** Pauses a run at a checkpoint. */
    public Run pause(String run) {
        return limited()
                .pauseRun(PauseRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }

    /**
     * Resumes a run from its newest checkpoint.
     *
     * @param ranks number of processes; 0: unchanged
     */
    public Run resume(String run, int ranks) {
        return limited()
                .resumeRun(ResumeRunRequest.newBuilder()
                        .setRunId(run)
                        .setRanks(ranks)
                        .build())
                .getRun();
    }

    /** Returns a run. */
    public Run run(String run) {
        return limited()
                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }

    /** Calls {@code events} with every event after a sequence number, until the run ends or the call fails. */
    public void watch(String run, long afterSequence, Consumer<RunEvent> events) {
        Iterator<WatchRunResponse> responses = trainer.watchRun(WatchRunRequest.newBuilder()
                .setRunId(run)
                .setAfterSequence(afterSequence)
                .build());
        while (responses.hasNext()) {
            events.accept(responses.next().getEvent());
        }
    }

    private TrainerServiceGrpc.TrainerServiceBlockingStub limited() {
        return trainer.withDeadlineAfter(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
