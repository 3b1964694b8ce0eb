package io.rootstock.trainer.pod;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.trainer.v1.AttachRunWorkerRequest;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.MeetRunRanksRequest;
import io.rootstock.trainer.v1.MeetRunRanksResponse;
import io.rootstock.trainer.v1.ReportRunWorkerRequest;
import io.rootstock.trainer.v1.RunWorkerServiceGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The trainer.
 *
 * @param channel channel to the trainer, which its owner shuts down
 */
record TrainerClient(ManagedChannel channel) {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    AttachRunWorkerResponse attach(String run, long lease) {
        return calls().attachRunWorker(AttachRunWorkerRequest.newBuilder()
                .setRunId(run)
                .setLease(lease)
                .build());
    }

    /** Reports events and the end; returns the position of the last stored event. */
    long report(ReportRunWorkerRequest request) {
        return calls().reportRunWorker(request).getStoredSequence();
    }

    /** Reports the state of a rank; returns the state of the others. */
    MeetRunRanksResponse meet(MeetRunRanksRequest request) {
        return calls().meetRunRanks(request);
    }

    /** Whether the trainer has another worker for the run, or none. */
    static boolean isRefused(StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.ABORTED;
    }

    /**
     * Whether a later call may succeed. A trainer that has lost the run answers DATA_LOSS until the registry has started the
     * run again.
     */
    static boolean isTransient(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, ALREADY_EXISTS, UNIMPLEMENTED, ABORTED -> false;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    NOT_FOUND,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS,
                    UNAUTHENTICATED -> true;
        };
    }

    private RunWorkerServiceGrpc.RunWorkerServiceBlockingStub calls() {
        channel.resetConnectBackoff();
        return RunWorkerServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
