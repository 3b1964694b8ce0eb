package io.rootstock.trainer.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.collectives.MpiProxies;
import io.rootstock.service.Errors;
import io.rootstock.trainer.plan.Planner;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.v1.AttachRunWorkerRequest;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.MeetRunRanksRequest;
import io.rootstock.trainer.v1.MeetRunRanksResponse;
import io.rootstock.trainer.v1.ReportRunWorkerRequest;
import io.rootstock.trainer.v1.ReportRunWorkerResponse;
import io.rootstock.trainer.v1.RunWorkerProcess;
import io.rootstock.trainer.v1.RunWorkerServiceGrpc;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.time.Duration;

/** {@code rootstock.trainer.v1.RunWorkerService}. */
@GrpcService
public class RunWorkerGrpcService extends RunWorkerServiceGrpc.RunWorkerServiceImplBase {
    private static final int MAX_EVENTS = 1000;
    private static final int MAX_OUTPUT_LENGTH = 16 << 10;
    private static final int MAX_NAME_LENGTH = 255;

    private final Runs runs;
    private final RunWorkerProcess process;
    private final RankMeetings ranks;

    /**
     * Creates the service.
     *
     * @param process settings of the workers' processes
     */
    @Inject
    public RunWorkerGrpcService(Runs runs, RunWorkerProcess process) {
        this(runs, process, RankMeetings.SILENCE);
    }

    /**
     * Creates the service.
     *
     * @param silence time without a call after which a rank counts as lost
     */
    public RunWorkerGrpcService(Runs runs, RunWorkerProcess process, Duration silence) {
        this.runs = runs;
        this.process = process;
        this.ranks = new RankMeetings(silence);
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
            if (request.getEventsCount() > MAX_EVENTS) {
                throw Errors.invalidArgument(
                        "events", "must be at most " + MAX_EVENTS + ", were " + request.getEventsCount());
            }
            if (request.getExit().getOutput().length() > MAX_OUTPUT_LENGTH) {
                throw Errors.invalidArgument(
                        "exit.output",
                        "must have at most " + MAX_OUTPUT_LENGTH + " characters, has "
                                + request.getExit().getOutput().length());
            }
            return ReportRunWorkerResponse.newBuilder()
                    .setStoredSequence(runs.report(request))
                    .build();
        });
    }

    @Override
    @Blocking
    public void meetRunRanks(MeetRunRanksRequest request, StreamObserver<MeetRunRanksResponse> observer) {
        TrainerGrpcService.answer(observer, () -> {
            String run = TrainerGrpcService.runId(request.getRunId());
            check(request);
            runs.requireWorker(run, request.getLease());
            return ranks.meet(request)
                    .orElseThrow(() -> Errors.aborted(
                            "WORKER_ENDED", "run " + run + " has had a later attempt than " + request.getAttempt()));
        });
    }

    private static void check(MeetRunRanksRequest request) {
        if (request.getAttempt().isEmpty() || request.getAttempt().length() > MAX_NAME_LENGTH) {
            throw Errors.invalidArgument(
                    "attempt",
                    "must have 1 to " + MAX_NAME_LENGTH + " characters, has "
                            + request.getAttempt().length());
        }
        Planner.checkRanks("ranks", request.getRanks());
        if (request.getRank() < 0 || request.getRank() >= request.getRanks()) {
            throw Errors.invalidArgument(
                    "rank", "must be 0 to " + (request.getRanks() - 1) + ", was " + request.getRank());
        }
        if ((request.getLease() > 0) != (request.getRank() == 0)) {
            throw Errors.invalidArgument("lease", "must be set by rank 0 only, was " + request.getLease());
        }
        if (request.getProxyArgumentsCount() > 0) {
            try {
                MpiProxies _ = new MpiProxies(request.getProxyArgumentsList());
            } catch (IllegalArgumentException e) {
                throw Errors.invalidArgument("proxy_arguments", e.getMessage());
            }
        }
    }
}
