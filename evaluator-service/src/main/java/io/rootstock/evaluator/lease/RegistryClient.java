package io.rootstock.evaluator.lease;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.v1.ClaimEvaluationRequest;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.FinishEvaluationResponse;
import io.rootstock.evaluation.v1.ReleaseEvaluationRequest;
import io.rootstock.evaluation.v1.ReleaseEvaluationResponse;
import io.rootstock.evaluation.v1.ReportEvaluationRequest;
import io.rootstock.evaluation.v1.ReportEvaluationResponse;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The registry.
 *
 * @param channel channel to the registry, which its owner shuts down
 */
public record RegistryClient(ManagedChannel channel) {
    /** Longer than the registry waits for an evaluation. */
    private static final Duration CLAIM_LIMIT = Duration.ofSeconds(45);

    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);

    /** Claims an evaluation; waits for one as long as the registry does. */
    public ClaimEvaluationResponse claim(ClaimEvaluationRequest request) {
        return calls(CLAIM_LIMIT).claimEvaluation(request);
    }

    ReportEvaluationResponse report(ReportEvaluationRequest request) {
        return calls(CALL_LIMIT).reportEvaluation(request);
    }

    FinishEvaluationResponse finish(FinishEvaluationRequest request) {
        return calls(CALL_LIMIT).finishEvaluation(request);
    }

    /**
     * Ends a lease before it expires; returns false if it has ended already.
     *
     * @param crashed the process that held the lease has ended without releasing it
     */
    public boolean release(String evaluation, long lease, boolean crashed) {
        try {
            ReleaseEvaluationResponse _ = calls(CALL_LIMIT)
                    .releaseEvaluation(ReleaseEvaluationRequest.newBuilder()
                            .setName(evaluation)
                            .setLease(lease)
                            .setCrashed(crashed)
                            .build());
            return true;
        } catch (StatusRuntimeException e) {
            if (isLost(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Whether a call failed because its lease has ended or the evaluation was deleted. */
    static boolean isLost(StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        return code == Status.Code.ABORTED || code == Status.Code.NOT_FOUND;
    }

    /** Returns a version. */
    public Version version(String name) {
        channel.resetConnectBackoff();
        return ModelServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    /** Whether the registry is connected. */
    public boolean isConnected() {
        return channel.getState(false) == ConnectivityState.READY;
    }

    private EvaluatorServiceGrpc.EvaluatorServiceBlockingStub calls(Duration limit) {
        // The channel's own backoff grows to two minutes.
        channel.resetConnectBackoff();
        return EvaluatorServiceGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
