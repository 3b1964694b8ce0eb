package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.installation.Service;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetJobResponse;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Watches a job on a server whose streams fail after every third event. */
final class JobWatcherTest {
    private static final int EVENTS = 8;

    @Test
    void deliversEachEventOnceInOrderOverReconnects() throws Exception {
        List<Long> seen = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        Server server = server(new FailingJobs(
                Job.newBuilder().setState(JobState.JOB_STATE_SUCCEEDED),
                (sequence, event) -> event.setStateChanged(JobStateChanged.newBuilder()
                        .setState(sequence == EVENTS ? JobState.JOB_STATE_SUCCEEDED : JobState.JOB_STATE_RUNNING))));
        try (Clients clients = clients(server)) {
            Job job = new JobWatcher(clients, event -> seen.add(event.getSequence()), errors::add).watch("jobs/j", 0);
            assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        } finally {
            server.shutdownNow();
        }
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(errors).hasSize(2).allMatch(why -> why.contains("registry restarting"));
    }

    @Test
    void returnsAnEvaluationWithItsResultsAtTheEndOfTheStream() throws Exception {
        Evaluation evaluation = Evaluation.newBuilder()
                .setName("evaluations/e")
                .setState(JobState.JOB_STATE_SUCCEEDED)
                .addResults(TaskResult.newBuilder().setTask("boolq").setRows(10))
                .build();
        List<JobEvent> seen = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        Server server = server(new FailingJobs(
                Job.newBuilder()
                        .setKind(JobKind.JOB_KIND_EVALUATE)
                        .setState(JobState.JOB_STATE_SUCCEEDED)
                        .setEvaluation(evaluation),
                (sequence, event) -> {
                    if (sequence == EVENTS) {
                        event.setTaskResult(evaluation.getResults(0));
                    } else {
                        event.setEvaluationProgress(
                                EvaluationProgress.newBuilder().setRows(sequence));
                    }
                }));
        try (Clients clients = clients(server)) {
            Job job = new JobWatcher(clients, seen::add, errors::add).watch("jobs/e", 2);
            assertThat(job.getEvaluation()).isEqualTo(evaluation);
        } finally {
            server.shutdownNow();
        }
        assertThat(seen).map(JobEvent::getSequence).containsExactly(3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(seen.getFirst().getEvaluationProgress().getRows()).isEqualTo(3);
        assertThat(seen.getLast().getTaskResult()).isEqualTo(evaluation.getResults(0));
        assertThat(errors).hasSize(1).allMatch(why -> why.contains("registry restarting"));
    }

    @Test
    void doesNotReconnectIfJobIsNotFound() throws Exception {
        Server server = server(new JobServiceGrpc.JobServiceImplBase() {
            @Override
            public void watchJob(WatchJobRequest request, StreamObserver<WatchJobResponse> responses) {
                responses.onError(Status.NOT_FOUND.asRuntimeException());
            }
        });
        try (Clients clients = clients(server)) {
            JobWatcher watcher = new JobWatcher(clients, event -> {}, why -> {});
            assertThatThrownBy(() -> watcher.watch("jobs/none", 0)).isInstanceOf(StatusRuntimeException.class);
        } finally {
            server.shutdownNow();
        }
    }

    private static Server server(JobServiceGrpc.JobServiceImplBase jobs) throws java.io.IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(jobs)
                .build()
                .start();
    }

    private static Clients clients(Server server) {
        return new Clients(new Endpoints(
                Map.of(Service.REGISTRY, "127.0.0.1:" + server.getPort()), Optional.empty(), Optional.empty()));
    }

    /** Sets the content of the event with a sequence number. */
    private interface Content {
        void set(long sequence, JobEvent.Builder event);
    }

    /** Replays events after the requested sequence and fails after three. */
    private static final class FailingJobs extends JobServiceGrpc.JobServiceImplBase {
        private final Job.Builder job;
        private final Content content;

        /**
         * @param job the job at the end
         */
        FailingJobs(Job.Builder job, Content content) {
            this.job = job;
            this.content = content;
        }

        @Override
        public void watchJob(WatchJobRequest request, StreamObserver<WatchJobResponse> responses) {
            long last = Math.min(EVENTS, request.getAfterSequence() + 3);
            for (long sequence = request.getAfterSequence() + 1; sequence <= last; sequence++) {
                JobEvent.Builder event = JobEvent.newBuilder().setSequence(sequence);
                content.set(sequence, event);
                responses.onNext(WatchJobResponse.newBuilder().setEvent(event).build());
            }
            if (last == EVENTS) {
                responses.onCompleted();
            } else {
                responses.onError(Status.UNAVAILABLE
                        .withDescription("registry restarting")
                        .asRuntimeException());
            }
        }

        @Override
        public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> responses) {
            responses.onNext(GetJobResponse.newBuilder()
                    .setJob(job.setName(request.getName()))
                    .build());
            responses.onCompleted();
        }
    }
}
