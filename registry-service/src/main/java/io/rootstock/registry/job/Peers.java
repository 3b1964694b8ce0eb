package io.rootstock.registry.job;

import com.google.protobuf.Timestamp;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.model.GgufFiles;
import io.rootstock.registry.model.Tokenizers;
import io.rootstock.service.Errors;
import io.rootstock.storage.v1.ListReferencesRequest;
import io.rootstock.storage.v1.ListReferencesResponse;
import io.rootstock.storage.v1.ReferenceServiceGrpc;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.CancelRunRequest;
import io.rootstock.trainer.v1.CreateGgufRequest;
import io.rootstock.trainer.v1.CreateGgufResponse;
import io.rootstock.trainer.v1.DeleteRunRequest;
import io.rootstock.trainer.v1.DeleteRunResponse;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.GetCapacityRequest;
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
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Clients of the two services that jobs need: the tokenizer service, which resolves datasets, and the trainer. */
public class Peers implements Tokenizers, GgufFiles {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration REFERENCES_LIMIT = Duration.ofMinutes(2);
    /** Of a trainer from before GetCapacity, which queues runs itself. */
    private static final Map<String, Integer> UNLIMITED = Map.of("worker", 1_000_000);

    private final DatasetServiceGrpc.DatasetServiceBlockingStub tokenizer;
    private final TrainerServiceGrpc.TrainerServiceBlockingStub trainer;
    private final TokenizerServiceGrpc.TokenizerServiceBlockingStub tokenizers;
    private final List<ReferenceServiceGrpc.ReferenceServiceBlockingStub> referrers;
    private final Duration lostAfter;

    /**
     * Creates the clients on two open channels, which the caller closes.
     *
     * @param lostAfter time without an answer after which the trainer is lost
     */
    public Peers(Channel tokenizer, Channel trainer, Duration lostAfter) {
        this.lostAfter = lostAfter;
        this.tokenizer = DatasetServiceGrpc.newBlockingStub(tokenizer);
        this.trainer = TrainerServiceGrpc.newBlockingStub(trainer);
        this.tokenizers = TokenizerServiceGrpc.newBlockingStub(tokenizer);
        this.referrers = Stream.of(tokenizer, trainer)
                .map(ReferenceServiceGrpc::newBlockingStub)
                .toList();
    }

    /** Time without an answer after which the trainer is lost. */
    Duration lostAfter() {
        return lostAfter;
    }

    /** Returns true if a retry may succeed: the service is unavailable, overloaded or failing. */
    public static boolean isTransient(StatusRuntimeException failure) {
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

    /** Returns true if the trainer has accepted the run once and lost it. */
    static boolean isLost(StatusRuntimeException failure) {
        return failure.getStatus().getCode() == Status.Code.DATA_LOSS;
    }

    /** Returns the code and description of a failure; of a deadline not gRPC's description, which lists its channels. */
    public static String reason(StatusRuntimeException failure) {
        if (failure.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return "no answer in time";
        }
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

    @Override
    public Optional<Timestamp> createTime(String tokenizer) {
        try {
            return Optional.of(tokenizers
                    .withDeadlineAfter(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .getTokenizer(
                            GetTokenizerRequest.newBuilder().setName(tokenizer).build())
                    .getTokenizer()
                    .getCreateTime());
        } catch (StatusRuntimeException e) {
            if (isNotFound(e)) {
                return Optional.empty();
            }
            throw Errors.unavailable("TOKENIZER_UNAVAILABLE", "the tokenizer is unavailable: " + reason(e));
        }
    }

    @Override
    public Artifact create(CreateGgufRequest request, Consumer<String> stages) {
        try {
            Iterator<CreateGgufResponse> responses = trainer.createGguf(request);
            while (responses.hasNext()) {
                CreateGgufResponse response = responses.next();
                if (response.hasArtifact()) {
                    return response.getArtifact();
                }
                stages.accept(response.getStage());
            }
            throw Errors.unavailable("GGUF_NOT_CREATED", "the trainer ended the call without a file; try again");
        } catch (StatusRuntimeException e) {
            throw isUnavailable(e)
                    ? Errors.unavailable("TRAINER_UNAVAILABLE", "the trainer is unavailable: " + reason(e))
                    : e;
        }
    }

    /**
     * Calls {@code references} with every artifact that the tokenizer service and the trainer need.
     *
     * @throws StatusRuntimeException UNAVAILABLE if one of them does not respond
     */
    public void references(Consumer<ListReferencesResponse> references) {
        try {
            for (ReferenceServiceGrpc.ReferenceServiceBlockingStub referrer : referrers) {
                referrer.withDeadlineAfter(REFERENCES_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                        .listReferences(ListReferencesRequest.getDefaultInstance())
                        .forEachRemaining(references);
            }
        } catch (StatusRuntimeException e) {
            throw Errors.unavailable(
                    "REFERENCES_UNKNOWN",
                    "the tokenizer service and the trainer must both run, because they know which artifacts are needed: "
                            + reason(e));
        }
    }

    /** Requests an estimate of a run; the trainer rejects an invalid spec. */
    public EstimateRunResponse estimate(RunSpec spec, Duration limit) {
        EstimateRunRequest request =
                EstimateRunRequest.newBuilder().setSpec(spec).build();
        return trainer.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                .estimateRun(request);
    }

    /**
     * Returns the trainer's devices by kind; unlimited workers if the trainer does not report them.
     *
     * @throws StatusRuntimeException if the trainer is unavailable
     */
    Map<String, Integer> capacity() {
        try {
            Map<String, Integer> devices = new HashMap<>();
            limited()
                    .getCapacity(GetCapacityRequest.getDefaultInstance())
                    .getDevicesList()
                    .forEach(kind -> devices.put(kind.getKind(), kind.getCount()));
            return devices;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                return UNLIMITED;
            }
            throw e;
        }
    }

    /** Starts a run; idempotent for equal specs. */
    public Run start(StartRunRequest request) {
        return limited().startRun(request).getRun();
    }

    /** Deletes a run that has ended. */
    public void delete(String run) {
        DeleteRunResponse _ =
                limited().deleteRun(DeleteRunRequest.newBuilder().setRunId(run).build());
    }

    /**
     * Cancels a run.
     *
     * @param command number of the command; the trainer rejects it after one with a larger number
     */
    public Run cancel(String run, long command) {
        return limited()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRunId(run)
                        .setCommand(command)
                        .build())
                .getRun();
    }

    /**
     * Pauses a run at a checkpoint.
     *
     * @param command number of the command; the trainer rejects it after one with a larger number
     */
    public Run pause(String run, long command) {
        return limited()
                .pauseRun(PauseRunRequest.newBuilder()
                        .setRunId(run)
                        .setCommand(command)
                        .build())
                .getRun();
    }

    /**
     * Resumes a run from its newest checkpoint.
     *
     * @param command number of the command; the trainer rejects it after one with a larger number
     * @param ranks number of processes; 0: unchanged
     */
    public Run resume(String run, long command, int ranks) {
        return limited()
                .resumeRun(ResumeRunRequest.newBuilder()
                        .setRunId(run)
                        .setCommand(command)
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
