package io.rootstock.cli.command.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.DeleteQuotaRequest;
import io.rootstock.registry.v1.DeleteQuotaResponse;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetJobResponse;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobPriority;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.ListQuotasRequest;
import io.rootstock.registry.v1.ListQuotasResponse;
import io.rootstock.registry.v1.Quota;
import io.rootstock.registry.v1.QuotaServiceGrpc;
import io.rootstock.registry.v1.QuotaUsage;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.ResumeJobResponse;
import io.rootstock.registry.v1.SetQuotaRequest;
import io.rootstock.registry.v1.SetQuotaResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs commands about quotas and the queue against services that record the requests. */
class QuotaCommandsTest {
    private final Job job = Job.newBuilder()
            .setName("jobs/pretrain-1")
            .setSpec(JobSpec.newBuilder()
                    .setPriority(JobPriority.JOB_PRIORITY_HIGH)
                    .setTeam("groups/research"))
            .setState(JobState.JOB_STATE_QUEUED)
            .setOwner("users/alice")
            .setMaxCostDollars(20)
            .setQueuePosition(3)
            .setEstimatedStartTime(Timestamp.newBuilder().setSeconds(2_000_000_000))
            .setEstimatedEndTime(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 7230))
            .build();

    private final List<Object> requests = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Quotas())
                .addService(new Jobs())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void quotasAreSetListedAndDeleted() {
        assertThat(run("quotas", "set", "research", "--group", "--weight", "3", "--dollars-per-month", "500"))
                .isZero();
        assertThat(run("quotas", "set", "serviceAccounts/ci", "--devices", "1")).isZero();
        assertThat(run("quotas", "list")).isZero();
        assertThat(run("quotas", "delete", "alice", "--yes")).isZero();
        assertThat(requests)
                .containsExactly(
                        SetQuotaRequest.newBuilder()
                                .setQuota(Quota.newBuilder()
                                        .setPrincipal("groups/research")
                                        .setWeight(3)
                                        .setDollarsPerMonth(500))
                                .build(),
                        SetQuotaRequest.newBuilder()
                                .setQuota(Quota.newBuilder()
                                        .setPrincipal("serviceAccounts/ci")
                                        .setDevices(1))
                                .build(),
                        ListQuotasRequest.getDefaultInstance(),
                        DeleteQuotaRequest.newBuilder()
                                .setPrincipal("users/alice")
                                .build());
        assertThat(out.toString())
                .contains(
                        "groups/research has weight 3.000, at most $500.00 in a month",
                        "serviceAccounts/ci has weight 1, at most 1 device",
                        "$12.50");
    }

    @Test
    void jobsShowTheirPlaceInTheQueueAndTheirLimit() {
        assertThat(run("jobs", "list")).isZero();
        assertThat(out.toString()).contains("priority", "queue", "ETA", "high", "2 h");
        assertThat(run("jobs", "show", "pretrain-1")).isZero();
        assertThat(out.toString())
                .contains("users/alice", "groups/research", "$20.00", "position 3", "estimated start", "estimated end");
        assertThat(run("jobs", "resume", "pretrain-1", "--max-cost", "40")).isZero();
        assertThat(requests.getLast())
                .isEqualTo(ResumeJobRequest.newBuilder()
                        .setName("jobs/pretrain-1")
                        .setMaxCostDollars(40)
                        .build());
        assertThat(run("jobs", "resume", "pretrain-1", "--max-cost", "-1")).isNotZero();
        assertThat(err.toString()).contains("--max-cost must be at least 0, was -1.0");
    }

    private int run(String... arguments) {
        String[] all = Stream.concat(
                        Stream.of(arguments), Stream.of("--registry-endpoint", "127.0.0.1:" + server.getPort()))
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private final class Quotas extends QuotaServiceGrpc.QuotaServiceImplBase {
        @Override
        public void setQuota(SetQuotaRequest request, StreamObserver<SetQuotaResponse> observer) {
            requests.add(request);
            observer.onNext(
                    SetQuotaResponse.newBuilder().setQuota(request.getQuota()).build());
            observer.onCompleted();
        }

        @Override
        public void listQuotas(ListQuotasRequest request, StreamObserver<ListQuotasResponse> observer) {
            requests.add(request);
            observer.onNext(ListQuotasResponse.newBuilder()
                    .addQuotas(QuotaUsage.newBuilder()
                            .setQuota(Quota.newBuilder().setPrincipal("users/alice"))
                            .setMonthDollars(12.5))
                    .build());
            observer.onCompleted();
        }

        @Override
        public void deleteQuota(DeleteQuotaRequest request, StreamObserver<DeleteQuotaResponse> observer) {
            requests.add(request);
            observer.onNext(DeleteQuotaResponse.getDefaultInstance());
            observer.onCompleted();
        }
    }

    private final class Jobs extends JobServiceGrpc.JobServiceImplBase {
        @Override
        public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
            observer.onNext(ListJobsResponse.newBuilder().addJobs(job).build());
            observer.onCompleted();
        }

        @Override
        public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
            observer.onNext(GetJobResponse.newBuilder().setJob(job).build());
            observer.onCompleted();
        }

        @Override
        public void resumeJob(ResumeJobRequest request, StreamObserver<ResumeJobResponse> observer) {
            requests.add(request);
            observer.onNext(ResumeJobResponse.newBuilder().setJob(job).build());
            observer.onCompleted();
        }
    }
}
