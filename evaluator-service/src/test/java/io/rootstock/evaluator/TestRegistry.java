package io.rootstock.evaluator;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.evaluation.v1.ClaimEvaluationRequest;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.FinishEvaluationResponse;
import io.rootstock.evaluation.v1.ReleaseEvaluationRequest;
import io.rootstock.evaluation.v1.ReleaseEvaluationResponse;
import io.rootstock.evaluation.v1.ReportEvaluationRequest;
import io.rootstock.evaluation.v1.ReportEvaluationResponse;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.TrainingData;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.GetVersionResponse;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The registry's EvaluatorService and GetVersion on loopback, from memory: one evaluation at a time is queued. */
public final class TestRegistry implements AutoCloseable {
    private final Map<String, Version> versions = new ConcurrentHashMap<>();
    private final List<ClaimEvaluationRequest> claims = new ArrayList<>();
    private final List<ReportEvaluationRequest> reports = new ArrayList<>();
    private final List<ReleaseEvaluationRequest> releases = new ArrayList<>();
    private final List<FinishEvaluationRequest> finishes = new ArrayList<>();
    private final int leaseSeconds;
    private final int port;
    private Server server;
    private Evaluation queued;
    private SuiteRevision suite;
    private List<TrainingData> trainingData = List.of();
    private long lease;
    private boolean cancelled;

    public TestRegistry(int leaseSeconds) throws IOException {
        this.leaseSeconds = leaseSeconds;
        server = start(0);
        port = server.getPort();
    }

    private Server start(int on) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), on))
                .addService(new Evaluators())
                .addService(new Models())
                .build()
                .start();
    }

    public int port() {
        return port;
    }

    public void add(Version version) {
        versions.put(version.getName(), version);
    }

    /** Queues an evaluation, also one that was claimed before: its lease then becomes invalid. */
    public synchronized void queue(Evaluation evaluation, SuiteRevision revision, TrainingData... data) {
        queued = evaluation;
        suite = revision;
        trainingData = List.of(data);
        lease++;
        cancelled = false;
    }

    /** Lets the next report answer that the evaluation is cancelled. */
    public synchronized void cancel() {
        cancelled = true;
    }

    /** Makes the current lease invalid. */
    public synchronized void expire() {
        lease++;
    }

    public synchronized List<ClaimEvaluationRequest> claims() {
        return List.copyOf(claims);
    }

    public synchronized List<ReportEvaluationRequest> reports() {
        return List.copyOf(reports);
    }

    /** Releases of the current lease, which then ended. */
    public synchronized List<ReleaseEvaluationRequest> releases() {
        return List.copyOf(releases);
    }

    public synchronized List<FinishEvaluationRequest> finishes() {
        return List.copyOf(finishes);
    }

    /** Waits for the end of the evaluation after this number of earlier ones. */
    public FinishEvaluationRequest awaitFinish(int earlier) {
        await(() -> finishes().size() > earlier);
        return finishes().get(earlier);
    }

    /** Stops the server and closes all connections. */
    public void stopServing() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }

    public void startServing() throws IOException {
        server = start(port);
    }

    /** Polls a condition until it is true; fails after two minutes. */
    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("condition still false after two minutes");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Evaluators extends EvaluatorServiceGrpc.EvaluatorServiceImplBase {
        @Override
        public void claimEvaluation(ClaimEvaluationRequest request, StreamObserver<ClaimEvaluationResponse> responses) {
            synchronized (TestRegistry.this) {
                claims.add(request);
                ClaimEvaluationResponse.Builder response = ClaimEvaluationResponse.newBuilder();
                if (queued != null) {
                    response.setEvaluation(queued)
                            .setSuiteRevision(suite)
                            .setLease(lease)
                            .setLeaseSeconds(leaseSeconds)
                            .addAllTrainingData(trainingData);
                    queued = null;
                }
                responses.onNext(response.build());
            }
            responses.onCompleted();
        }

        @Override
        public void reportEvaluation(
                ReportEvaluationRequest request, StreamObserver<ReportEvaluationResponse> responses) {
            synchronized (TestRegistry.this) {
                if (refused(request.getLease(), responses)) {
                    return;
                }
                reports.add(request);
                responses.onNext(ReportEvaluationResponse.newBuilder()
                        .setCancelled(cancelled)
                        .build());
            }
            responses.onCompleted();
        }

        @Override
        public void releaseEvaluation(
                ReleaseEvaluationRequest request, StreamObserver<ReleaseEvaluationResponse> responses) {
            synchronized (TestRegistry.this) {
                if (refused(request.getLease(), responses)) {
                    return;
                }
                releases.add(request);
                lease++;
            }
            responses.onNext(ReleaseEvaluationResponse.getDefaultInstance());
            responses.onCompleted();
        }

        @Override
        public void finishEvaluation(
                FinishEvaluationRequest request, StreamObserver<FinishEvaluationResponse> responses) {
            synchronized (TestRegistry.this) {
                if (refused(request.getLease(), responses)) {
                    return;
                }
                finishes.add(request);
            }
            responses.onNext(FinishEvaluationResponse.getDefaultInstance());
            responses.onCompleted();
        }

        private boolean refused(long number, StreamObserver<?> responses) {
            if (number == lease) {
                return false;
            }
            responses.onError(
                    Status.ABORTED.withDescription("the lease is not valid").asRuntimeException());
            return true;
        }
    }

    private final class Models extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> responses) {
            Optional<Version> version = Optional.ofNullable(versions.get(request.getName()));
            if (version.isEmpty()) {
                responses.onError(Status.NOT_FOUND
                        .withDescription(request.getName() + " not found")
                        .asRuntimeException());
                return;
            }
            responses.onNext(
                    GetVersionResponse.newBuilder().setVersion(version.get()).build());
            responses.onCompleted();
        }
    }
}
