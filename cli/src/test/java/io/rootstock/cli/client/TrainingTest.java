package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.installation.Service;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.CreateJobResponse;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Plans with a registry whose first calls end because the trainer gives no answer in time. */
final class TrainingTest {
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void aPlanIsRepeatedWhileTheTrainerGivesNoAnswer() throws Exception {
        assertThat(plan(2, "TRAINER_UNAVAILABLE").getHyperparameters().getSeed())
                .isEqualTo(7);
        assertThat(calls).hasValue(3);
    }

    @Test
    void aPlanIsRepeatedAtMostTwice() {
        assertThatThrownBy(() -> plan(3, "TRAINER_UNAVAILABLE"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("no answer in time");
        assertThat(calls).hasValue(3);
    }

    @Test
    void aRegistryThatIsUnavailableIsNotCalledAgain() {
        assertThatThrownBy(() -> plan(1, "")).isInstanceOf(StatusRuntimeException.class);
        assertThat(calls).hasValue(1);
    }

    /**
     * Plans a job.
     *
     * @param failures calls that fail
     * @param reason reason of the errors; empty: they have no details
     */
    private EstimateRunResponse plan(int failures, String reason) throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Jobs(failures, reason))
                .addService(new Trainer())
                .build()
                .start();
        String address = "127.0.0.1:" + server.getPort();
        try (Clients clients = new Clients(new Endpoints(
                Map.of(Service.REGISTRY, address, Service.TRAINER, address), Optional.empty(), Optional.empty()))) {
            return new Training(clients).plan(JobSpec.getDefaultInstance(), false);
        } finally {
            server.shutdownNow();
        }
    }

    private final class Jobs extends JobServiceGrpc.JobServiceImplBase {
        private final int failures;
        private final String reason;

        Jobs(int failures, String reason) {
            this.failures = failures;
            this.reason = reason;
        }

        @Override
        public void createJob(CreateJobRequest request, StreamObserver<CreateJobResponse> responses) {
            if (calls.incrementAndGet() <= failures) {
                Status.Builder status = Status.newBuilder()
                        .setCode(Code.UNAVAILABLE_VALUE)
                        .setMessage("the trainer is unavailable: no answer in time");
                if (!reason.isEmpty()) {
                    status.addDetails(
                            Any.pack(ErrorInfo.newBuilder().setReason(reason).build()));
                }
                responses.onError(StatusProto.toStatusRuntimeException(status.build()));
                return;
            }
            assertThat(request.getValidateOnly()).isTrue();
            responses.onNext(CreateJobResponse.newBuilder()
                    .setJob(Job.newBuilder()
                            .setResolved(RunSpec.newBuilder()
                                    .setHyperparameters(
                                            Hyperparameters.newBuilder().setSeed(7))))
                    .build());
            responses.onCompleted();
        }
    }

    /** Answers with the hyperparameters of the spec. */
    private static final class Trainer extends TrainerServiceGrpc.TrainerServiceImplBase {
        @Override
        public void estimateRun(EstimateRunRequest request, StreamObserver<EstimateRunResponse> responses) {
            responses.onNext(EstimateRunResponse.newBuilder()
                    .setHyperparameters(request.getSpec().getHyperparameters())
                    .build());
            responses.onCompleted();
        }
    }
}
