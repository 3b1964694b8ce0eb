package io.rootstock.trainer.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.service.Errors;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.v1.AttachRunWorkerRequest;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.ReportRunWorkerRequest;
import io.rootstock.trainer.v1.ReportRunWorkerResponse;
import io.rootstock.trainer.v1.RunWorkerProcess;
import io.rootstock.trainer.v1.RunWorkerServiceGrpc;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.trainer.v1.RunWorkerService}. */
@GrpcService
public class RunWorkerGrpcService extends RunWorkerServiceGrpc.RunWorkerServiceImplBase {
    private static final int MOST_EVENTS = 1000;
    private static final int LONGEST_OUTPUT = 16 << 10;

    private final Runs runs;
    private final RunWorkerProcess process;

    /**
     * Creates the service.
     *
     * @param process settings of the workers' processes
     */
    @Inject
    public RunWorkerGrpcService(Runs runs, RunWorkerProcess process) {
        this.runs = runs;
        this.process = process;
    }

    @Override
    @Blocking
    public void attachRunWorker(AttachRunWorkerRequest request, StreamObserver<AttachRunWorkerResponse> observer) {
        TrainerGrpcService.answer(
                observer,
                () -> runs.attach(TrainerGrpcService.runId(request.getRunId()), request.getLease())
                        .setProcess(process)
                        .build());
    }

    @Override
    @Blocking
    public void reportRunWorker(ReportRunWorkerRequest request, StreamObserver<ReportRunWorkerResponse> observer) {
        TrainerGrpcService.answer(observer, () -> {
            String _ = TrainerGrpcService.runId(request.getRunId());
            if (request.getEventsCount() > MOST_EVENTS) {
                throw Errors.invalidArgument(
                        "events", "must be at most " + MOST_EVENTS + ", were " + request.getEventsCount());
            }
            if (request.getExit().getOutput().length() > LONGEST_OUTPUT) {
                throw Errors.invalidArgument(
                        "exit.output",
                        "must have at most " + LONGEST_OUTPUT + " characters, has "
                                + request.getExit().getOutput().length());
            }
            return ReportRunWorkerResponse.newBuilder()
                    .setStoredSequence(runs.report(request))
                    .build();
        });
    }
}
