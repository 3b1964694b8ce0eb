package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.evaluation.v1.ClaimEvaluationRequest;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.FinishEvaluationResponse;
import io.rootstock.evaluation.v1.ReleaseEvaluationRequest;
import io.rootstock.evaluation.v1.ReleaseEvaluationResponse;
import io.rootstock.evaluation.v1.ReportEvaluationRequest;
import io.rootstock.evaluation.v1.ReportEvaluationResponse;
import io.rootstock.registry.evaluation.EvaluationClaims;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.FlowControlledStream;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/** {@code rootstock.evaluation.v1.EvaluatorService}. */
@GrpcService
@Blocking
public class EvaluatorGrpcService extends EvaluatorServiceGrpc.EvaluatorServiceImplBase {
    private static final Duration MAX_CLAIM = Duration.ofSeconds(30);

    private final EvaluationClaims claims;
    private final Changes changes;

    /** Creates the service. */
    @Inject
    public EvaluatorGrpcService(EvaluationClaims claims, Changes changes) {
        this.claims = claims;
        this.changes = changes;
    }

    /** Waits on a thread of its own, not on a worker thread. */
    @Override
    public void claimEvaluation(ClaimEvaluationRequest request, StreamObserver<ClaimEvaluationResponse> observer) {
        Answers.stream(observer, call -> call.send(claim(request, call)));
    }

    @Override
    public void reportEvaluation(ReportEvaluationRequest request, StreamObserver<ReportEvaluationResponse> observer) {
        Answers.unary(
                observer,
                () -> ReportEvaluationResponse.newBuilder()
                        .setCancelled(claims.report(request))
                        .build());
    }

    @Override
    public void releaseEvaluation(
            ReleaseEvaluationRequest request, StreamObserver<ReleaseEvaluationResponse> observer) {
        Answers.unary(observer, () -> {
            claims.release(request);
            return ReleaseEvaluationResponse.getDefaultInstance();
        });
    }

    @Override
    public void finishEvaluation(FinishEvaluationRequest request, StreamObserver<FinishEvaluationResponse> observer) {
        Answers.unary(observer, () -> {
            claims.finish(request);
            return FinishEvaluationResponse.getDefaultInstance();
        });
    }

    private ClaimEvaluationResponse claim(
            ClaimEvaluationRequest request, FlowControlledStream<ClaimEvaluationResponse> call)
            throws InterruptedException {
        long end = System.nanoTime() + MAX_CLAIM.toNanos();
        while (true) {
            // A claim for a client that has left would expire.
            call.throwIfCancelled();
            long seen = changes.count();
            Optional<ClaimEvaluationResponse> claim = claims.claim(request);
            if (claim.isPresent()) {
                return claim.get();
            }
            if (System.nanoTime() >= end) {
                return ClaimEvaluationResponse.getDefaultInstance();
            }
            if (!changes.await(seen, Changes.MAX_WAIT)) {
                throw Answers.stopping();
            }
        }
    }
}
