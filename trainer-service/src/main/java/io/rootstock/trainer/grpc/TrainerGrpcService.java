package io.rootstock.trainer.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.PageToken;
import io.rootstock.service.filter.ListQuery;
import io.rootstock.service.filter.MemoryQuery;
import io.rootstock.trainer.events.EventReader;
import io.rootstock.trainer.imports.ModelImports;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.run.RunConflictException;
import io.rootstock.trainer.run.RunSummary;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.v1.CancelRunRequest;
import io.rootstock.trainer.v1.CancelRunResponse;
import io.rootstock.trainer.v1.CreateGgufRequest;
import io.rootstock.trainer.v1.CreateGgufResponse;
import io.rootstock.trainer.v1.DeleteRunRequest;
import io.rootstock.trainer.v1.DeleteRunResponse;
import io.rootstock.trainer.v1.DeviceCapacity;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.GetCapacityRequest;
import io.rootstock.trainer.v1.GetCapacityResponse;
import io.rootstock.trainer.v1.GetRunRequest;
import io.rootstock.trainer.v1.GetRunResponse;
import io.rootstock.trainer.v1.ImportModelRequest;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.ListRunsRequest;
import io.rootstock.trainer.v1.ListRunsResponse;
import io.rootstock.trainer.v1.PauseRunRequest;
import io.rootstock.trainer.v1.PauseRunResponse;
import io.rootstock.trainer.v1.ReadArtifactRequest;
import io.rootstock.trainer.v1.ReadArtifactResponse;
import io.rootstock.trainer.v1.ResumeRunRequest;
import io.rootstock.trainer.v1.ResumeRunResponse;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.StartRunRequest;
import io.rootstock.trainer.v1.StartRunResponse;
import io.rootstock.trainer.v1.StoreArtifactsRequest;
import io.rootstock.trainer.v1.StoreArtifactsResponse;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import io.rootstock.trainer.v1.WatchRunRequest;
import io.rootstock.trainer.v1.WatchRunResponse;
import io.smallrye.common.annotation.Blocking;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Implements the contract's TrainerService. */
@GrpcService
public class TrainerGrpcService extends TrainerServiceGrpc.TrainerServiceImplBase {
    private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");
    /** Kind of the devices of which a run takes one. */
    private static final String WORKER = "worker";

    private static final Duration POLL = Duration.ofMillis(100);

    private final Runs runs;
    private final RunPlanner planner;
    private final ModelImports imports;
    private final ArtifactStore artifacts;

    TrainerGrpcService(Runs runs, RunPlanner planner, ModelImports imports, ArtifactStore artifacts) {
        this.runs = runs;
        this.planner = planner;
        this.imports = imports;
        this.artifacts = artifacts;
    }

    @Override
    @Blocking
    public StreamObserver<ImportModelRequest> importModel(StreamObserver<ImportModelResponse> observer) {
        return new ImportStream(imports.begin(), observer);
    }

    @Override
    @Blocking
    public StreamObserver<StoreArtifactsRequest> storeArtifacts(StreamObserver<StoreArtifactsResponse> observer) {
        return new ArtifactImportStream(imports.beginArtifacts(), observer);
    }

    @Override
    @Blocking
    public void estimateRun(EstimateRunRequest request, StreamObserver<EstimateRunResponse> observer) {
        answer(observer, () -> planner.estimate(request));
    }

    @Override
    @Blocking
    public void getCapacity(GetCapacityRequest request, StreamObserver<GetCapacityResponse> observer) {
        answer(
                observer,
                () -> GetCapacityResponse.newBuilder()
                        .addDevices(DeviceCapacity.newBuilder().setKind(WORKER).setCount(runs.concurrentRuns()))
                        .build());
    }

    @Override
    @Blocking
    public void startRun(StartRunRequest request, StreamObserver<StartRunResponse> observer) {
        answer(observer, () -> {
            String _ = runId(request.getRunId());
            // The spec of a run that continues was checked when it was started first.
            if (request.getCheckpointsCount() == 0) {
                planner.check(request.getSpec());
            } else if (!request.hasResolved()) {
                throw Errors.invalidArgument("resolved", "must be set with checkpoints");
            }
            return StartRunResponse.newBuilder().setRun(runs.start(request)).build();
        });
    }

    @Override
    @Blocking
    public void getRun(GetRunRequest request, StreamObserver<GetRunResponse> observer) {
        answer(
                observer,
                () -> GetRunResponse.newBuilder()
                        .setRun(runs.get(runId(request.getRunId())))
                        .build());
    }

    @Override
    @Blocking
    public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> observer) {
        answer(observer, () -> page(request));
    }

    @Override
    @Blocking
    public void cancelRun(CancelRunRequest request, StreamObserver<CancelRunResponse> observer) {
        answer(
                observer,
                () -> CancelRunResponse.newBuilder()
                        .setRun(runs.cancel(runId(request.getRunId()), request.getCommand()))
                        .build());
    }

    @Override
    @Blocking
    public void pauseRun(PauseRunRequest request, StreamObserver<PauseRunResponse> observer) {
        answer(
                observer,
                () -> PauseRunResponse.newBuilder()
                        .setRun(runs.pause(runId(request.getRunId()), request.getCommand()))
                        .build());
    }

    @Override
    @Blocking
    public void resumeRun(ResumeRunRequest request, StreamObserver<ResumeRunResponse> observer) {
        answer(observer, () -> {
            if (request.getRanks() != 0) {
                planner.checkRanks("ranks", request.getRanks());
            }
            return ResumeRunResponse.newBuilder()
                    .setRun(runs.resume(runId(request.getRunId()), request.getCommand(), request.getRanks()))
                    .build();
        });
    }

    @Override
    @Blocking
    public void deleteRun(DeleteRunRequest request, StreamObserver<DeleteRunResponse> observer) {
        answer(observer, () -> {
            runs.delete(runId(request.getRunId()));
            return DeleteRunResponse.getDefaultInstance();
        });
    }

    @Override
    public void createGguf(CreateGgufRequest request, StreamObserver<CreateGgufResponse> observer) {
        FlowControlledStream.serve(observer, stream -> new GgufStream(imports, stream).create(request));
    }

    @Override
    public void readArtifact(ReadArtifactRequest request, StreamObserver<ReadArtifactResponse> observer) {
        FlowControlledStream.serve(
                observer, stream -> new ArtifactStream(artifacts, stream).send(request.getArtifact()));
    }

    @Override
    public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> observer) {
        FlowControlledStream.serve(
                observer,
                stream -> translated(() -> {
                    watch(request, stream);
                    return request;
                }));
    }

    /** Streams a run's events; completes when the run is in a final state and all its events are sent. */
    private void watch(WatchRunRequest request, FlowControlledStream<WatchRunResponse> stream) {
        String runId = runId(request.getRunId());
        if (request.getAfterSequence() < 0) {
            throw Errors.invalidArgument("after_sequence", "must be 0 or more, was " + request.getAfterSequence());
        }
        EventReader reader = new EventReader(runs.directory(runId).events());
        while (true) {
            // Checked before polling: events written after the check are read in the next iteration.
            boolean ended = runs.isFinal(runId);
            List<RunEvent> events = reader.poll();
            for (RunEvent event : events) {
                if (event.getSequence() > request.getAfterSequence()) {
                    stream.send(WatchRunResponse.newBuilder().setEvent(event).build());
                }
            }
            if (events.isEmpty() && ended && lastIsFinal(runId, reader)) {
                return;
            }
            if (events.isEmpty()) {
                stream.throwIfCancelled();
                sleep();
            }
        }
    }

    /**
     * Whether the reader has read the newest event. The record is written before its event, so a final state alone does
     * not mean that all events were read.
     */
    private boolean lastIsFinal(String runId, EventReader reader) {
        return runs.get(runId).getLastSequence() == reader.lastSequence();
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Errors.unavailable("STOPPING", "the service is stopping");
        }
    }

    private ListRunsResponse page(ListRunsRequest request) {
        int size = PageToken.size(request.getPageSize());
        ListQuery<Function<RunSummary, ?>> query =
                ListQuery.parse(RunSummary.FIELDS, request.getFilter(), request.getOrderBy());
        String bound = "runs\n" + query.text();
        List<RunSummary> found = MemoryQuery.run(query, PageToken.decode(bound, request.getPageToken()), runs.list());
        List<RunSummary> shown = found.subList(0, Math.min(size, found.size()));
        ListRunsResponse.Builder response = ListRunsResponse.newBuilder();
        shown.forEach(summary -> runs.find(summary.runId()).ifPresent(response::addRuns));
        if (found.size() > size) {
            response.setNextPageToken(PageToken.encode(bound, MemoryQuery.cursor(query, shown.getLast())));
        }
        return response.build();
    }

    static String runId(String runId) {
        if (!RUN_ID.matcher(runId).matches()) {
            throw Errors.invalidArgument(
                    "run_id",
                    "must be 1 to 64 letters, digits and dashes, not beginning with a dash; was '" + runId + "'");
        }
        return runId;
    }

    static <T> void answer(StreamObserver<T> observer, Supplier<T> call) {
        T answer = translated(call);
        observer.onNext(answer);
        observer.onCompleted();
    }

    private static <T> T translated(Supplier<T> call) {
        try {
            return call.get();
        } catch (RefusedSpecException e) {
            throw Errors.invalidArgument(inRequest(e.field()), e.reason());
        } catch (RunConflictException e) {
            throw conflict(e);
        }
    }

    /** Converts a field name to a path in the request: fields of the spec get the prefix {@code spec.}. */
    private static String inRequest(String field) {
        return field.equals("device") || field.equals("parameters") ? field : "spec." + field;
    }

    private static StatusRuntimeException conflict(RunConflictException e) {
        return switch (e.kind()) {
            case UNKNOWN_RUN -> Errors.notFound("runs/" + e.getMessage(), "list the runs with ListRuns");
            case LOST_RUN ->
                Errors.dataLoss(
                        "RUN_LOST", "runs/" + e.getMessage() + " was accepted here, and its directory is missing");
            case OTHER_SPEC ->
                Errors.alreadyExists("runs/" + e.getMessage(), "with another spec; choose another run_id");
            case STALE_WORKER -> Errors.aborted("WORKER_ENDED", e.getMessage());
            case NOT_YET_RUNNING -> Errors.unavailable("RUN_QUEUED", e.getMessage());
            case STALE_COMMAND -> Errors.failedPrecondition("STALE_COMMAND", e.getMessage());
            case WRONG_STATE -> Errors.failedPrecondition("RUN_STATE", e.getMessage());
            case QUEUE_FULL -> Errors.resourceExhausted("RUN_QUEUE_FULL", e.getMessage(), Duration.ofSeconds(30));
        };
    }
}
