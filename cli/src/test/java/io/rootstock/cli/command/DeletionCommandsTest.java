package io.rootstock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.DeleteJobResponse;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.DeleteModelResponse;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.v1.DeleteVersionResponse;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.GetModelResponse;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PruneResponse;
import io.rootstock.storage.v1.PrunedGroup;
import io.rootstock.storage.v1.StorageServiceGrpc;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs commands against services that record the requests. */
class DeletionCommandsTest {
    private final List<String> requests = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        List.<BindableService>of(new Models(), new Jobs(), new Storage()).forEach(builder::addService);
        server = builder.build().start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void aVersionIsDeletedByNumberAndAModelByName() {
        assertThat(run("models", "delete", "spam:2")).isZero();
        assertThat(run("models", "delete", "spam", "--force", "--yes")).isZero();
        assertThat(requests).containsExactly("models/spam/versions/2", "models/spam force=true");
        assertThat(out.toString()).contains("deleted models/spam/versions/2", "deleted models/spam");
    }

    @Test
    void anAliasOrAForcedVersionIsAUsageError() {
        assertThat(run("models", "delete", "spam@production")).isEqualTo(2);
        assertThat(err.toString()).contains("rootstock models demote");
        assertThat(run("models", "delete", "spam:2", "--force")).isEqualTo(2);
        assertThat(requests).isEmpty();
    }

    @Test
    void aRefusalIsPrintedWithTheCommandThatRemovesTheReference() {
        assertThat(run("jobs", "delete", "one")).isEqualTo(1);
        assertThat(err.toString()).contains("jobs/one is RUNNING", "rootstock jobs cancel one");
    }

    @Test
    void pruneReportsFirstAndAsksTheRegistryLast() {
        assertThat(run("prune", "--grace", "2h")).isZero();
        assertThat(requests).hasSize(4).allMatch(request -> request.equals("apply=false grace=7200"));
        assertThat(out.toString()).contains("would free 4.00 GB");
        assertThat(err.toString()).contains("hint: rootstock prune --apply");
        assertThat(run("prune", "--apply")).isZero();
        assertThat(requests).endsWith("apply=true grace=3600");
        assertThat(out.toString()).contains("freed 4.00 GB");
        assertThat(run("prune", "--grace", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("--grace", "such as 90m, 24h or 7d");
    }

    @Test
    void aLimitedListPrintsTheTokenOfTheRest() {
        assertThat(run("jobs", "list", "--limit", "2", "--model", "spam")).isZero();
        assertThat(requests).containsExactly("size=2 token= model=models/spam");
        assertThat(err.toString()).contains("hint: more results: --page-token next");
        requests.clear();
        assertThat(run("jobs", "list", "--limit", "2", "--filter", "state = FAILED", "--order-by", "name desc"))
                .isZero();
        assertThat(requests).containsExactly("size=2 token= model=", "state = FAILED", "name desc");
        assertThat(run("jobs", "list", "--limit", "0")).isEqualTo(1);
        assertThat(err.toString()).contains("--limit must be at least 1, was 0");
    }

    private int run(String... arguments) {
        String endpoint = "127.0.0.1:" + server.getPort();
        String[] all = Stream.concat(
                        Stream.of(arguments),
                        Stream.of("registry", "tokenizer", "trainer", "inference")
                                .flatMap(service -> Stream.of("--" + service + "-endpoint", endpoint)))
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }

    private final class Models extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> observer) {
            answer(
                    observer,
                    GetModelResponse.newBuilder()
                            .setModel(Model.newBuilder()
                                    .setName(request.getName())
                                    .setLatestVersion(2))
                            .build());
        }

        @Override
        public void deleteModel(DeleteModelRequest request, StreamObserver<DeleteModelResponse> observer) {
            requests.add(request.getName() + " force=" + request.getForce());
            answer(observer, DeleteModelResponse.getDefaultInstance());
        }

        @Override
        public void deleteVersion(DeleteVersionRequest request, StreamObserver<DeleteVersionResponse> observer) {
            requests.add(request.getName());
            answer(observer, DeleteVersionResponse.getDefaultInstance());
        }
    }

    private final class Jobs extends JobServiceGrpc.JobServiceImplBase {
        @Override
        public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
            requests.add("size=" + request.getPageSize() + " token=" + request.getPageToken() + " model="
                    + request.getOutputModel());
            requests.addAll(List.of(request.getFilter(), request.getOrderBy()));
            requests.removeIf(String::isEmpty);
            answer(
                    observer,
                    ListJobsResponse.newBuilder()
                            .addJobs(Job.newBuilder().setName("jobs/one"))
                            .addJobs(Job.newBuilder().setName("jobs/two"))
                            .setNextPageToken("next")
                            .build());
        }

        @Override
        public void deleteJob(DeleteJobRequest request, StreamObserver<DeleteJobResponse> observer) {
            observer.onError(Status.FAILED_PRECONDITION
                    .withDescription(request.getName()
                            + " is RUNNING and cannot be deleted; cancel it first: rootstock jobs cancel one")
                    .asRuntimeException());
        }
    }

    private final class Storage extends StorageServiceGrpc.StorageServiceImplBase {
        @Override
        public void prune(PruneRequest request, StreamObserver<PruneResponse> observer) {
            requests.add("apply=" + request.getApply() + " grace="
                    + request.getGrace().getSeconds());
            answer(
                    observer,
                    PruneResponse.newBuilder()
                            .addGroups(PrunedGroup.newBuilder()
                                    .setDescription("artifacts")
                                    .setItems(3)
                                    .setBytes(1_000_000_000))
                            .build());
        }
    }
}
