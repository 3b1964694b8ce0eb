package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.job.JobFeed;
import io.rootstock.registry.job.JobFilter;
import io.rootstock.registry.job.Jobs;
import io.rootstock.registry.job.TrainingJobs;
import io.rootstock.registry.metric.Metrics;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CancelJobResponse;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.CreateJobResponse;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.DeleteJobResponse;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetJobResponse;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.PauseJobRequest;
import io.rootstock.registry.v1.PauseJobResponse;
import io.rootstock.registry.v1.ReadMetricsRequest;
import io.rootstock.registry.v1.ReadMetricsResponse;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.ResumeJobResponse;
import io.rootstock.registry.v1.StreamMetricsRequest;
import io.rootstock.registry.v1.StreamMetricsResponse;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import io.rootstock.registry.v1.WatchJobsRequest;
import io.rootstock.registry.v1.WatchJobsResponse;
import io.rootstock.registry.watch.Changes;
import io.rootstock.registry.watch.ResumeToken;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.PageToken;
import io.rootstock.service.RequestNames;
import io.rootstock.service.WatchedPage;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code rootstock.registry.v1.JobService}. */
@GrpcService
@Blocking
public class JobGrpcService extends JobServiceGrpc.JobServiceImplBase {
    private final Jobs jobs;
    private final TrainingJobs trainings;
    private final Metrics metrics;
    private final Changes changes;

    /** Creates the service. */
    @Inject
    public JobGrpcService(Jobs jobs, TrainingJobs trainings, Metrics metrics, Changes changes) {
        this.jobs = jobs;
        this.trainings = trainings;
        this.metrics = metrics;
        this.changes = changes;
    }

    @Override
    public void createJob(CreateJobRequest request, StreamObserver<CreateJobResponse> observer) {
        Answers.unary(
                observer,
                () -> CreateJobResponse.newBuilder()
                        .setJob(trainings.create(request))
                        .build());
    }

    @Override
    public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
        Answers.unary(
                observer,
                () -> GetJobResponse.newBuilder()
                        .setJob(jobs.get(id(request.getName())))
                        .build());
    }

    @Override
    public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
        Answers.unary(observer, () -> list(request));
    }

    @Override
    public void watchJobs(WatchJobsRequest request, StreamObserver<WatchJobsResponse> observer) {
        ListJobsRequest page = ListJobsRequest.newBuilder()
                .setPageSize(request.getPageSize())
                .addAllKindsValue(request.getKindsValueList())
                .addAllStatesValue(request.getStatesValueList())
                .setOutputModel(request.getOutputModel())
                .setDataset(request.getDataset())
                .setFilter(request.getFilter())
                .setOrderBy(request.getOrderBy())
                .build();
        WatchedPage<Job> known = new WatchedPage<>(Job::getName);
        Answers.stream(observer, stream -> new PageWatch(changes).run(stream, () -> message(known, list(page))));
    }

    @Override
    public void deleteJob(DeleteJobRequest request, StreamObserver<DeleteJobResponse> observer) {
        Answers.unary(observer, () -> {
            jobs.delete(request);
            return DeleteJobResponse.getDefaultInstance();
        });
    }

    @Override
    public void watchJob(WatchJobRequest request, StreamObserver<WatchJobResponse> observer) {
        Answers.stream(observer, stream -> watch(request, stream));
    }

    @Override
    public void readMetrics(ReadMetricsRequest request, StreamObserver<ReadMetricsResponse> observer) {
        Answers.unary(
                observer,
                () -> ReadMetricsResponse.newBuilder()
                        .addAllSeries(metrics.read(request))
                        .build());
    }

    @Override
    public void streamMetrics(StreamMetricsRequest request, StreamObserver<StreamMetricsResponse> observer) {
        Answers.stream(
                observer,
                stream -> metrics.stream(
                        request,
                        series -> stream.send(StreamMetricsResponse.newBuilder()
                                .setSeries(series)
                                .build())));
    }

    @Override
    public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobResponse> observer) {
        Answers.unary(
                observer,
                () -> CancelJobResponse.newBuilder()
                        .setJob(jobs.cancel(request))
                        .build());
    }

    @Override
    public void pauseJob(PauseJobRequest request, StreamObserver<PauseJobResponse> observer) {
        Answers.unary(
                observer,
                () -> PauseJobResponse.newBuilder().setJob(jobs.pause(request)).build());
    }

    @Override
    public void resumeJob(ResumeJobRequest request, StreamObserver<ResumeJobResponse> observer) {
        Answers.unary(
                observer,
                () -> ResumeJobResponse.newBuilder()
                        .setJob(jobs.resume(request))
                        .build());
    }

    private ListJobsResponse list(ListJobsRequest request) {
        List<JobKind> kinds = request.getKindsList();
        if (kinds.contains(JobKind.JOB_KIND_UNSPECIFIED) || kinds.contains(JobKind.UNRECOGNIZED)) {
            throw Errors.invalidArgument("kinds", "must be kinds of jobs");
        }
        List<JobState> states = request.getStatesList();
        if (states.contains(JobState.JOB_STATE_UNSPECIFIED) || states.contains(JobState.UNRECOGNIZED)) {
            throw Errors.invalidArgument("states", "must be states of jobs");
        }
        if (!request.getOutputModel().isEmpty()) {
            RequestNames.id("models", request.getOutputModel(), "output_model");
        }
        if (!request.getDataset().isEmpty()) {
            RequestNames.id("datasets", request.getDataset(), "dataset");
        }
        String query = names(kinds).collect(Collectors.joining(",", "jobs ", " "))
                + names(states).collect(Collectors.joining(",", "", " ")) + request.getOutputModel() + " "
                + request.getDataset();
        PageQuery page = PageQuery.of(
                query,
                JobFilter.FIELDS,
                request.getFilter(),
                request.getOrderBy(),
                request.getPageToken(),
                PageToken.size(request.getPageSize()));
        JobFilter filter = new JobFilter(kinds, states, request.getOutputModel(), request.getDataset());
        ListJobsResponse.Builder response = ListJobsResponse.newBuilder();
        String next = Answers.page(page, jobs.list(filter, page), response::addJobs);
        return response.setNextPageToken(next).build();
    }

    private static Stream<String> names(List<? extends Enum<?>> values) {
        return values.stream().map(Enum::name).sorted();
    }

    private static Optional<WatchJobsResponse> message(WatchedPage<Job> known, ListJobsResponse page) {
        return known.changes(page.getJobsList())
                .map(change -> WatchJobsResponse.newBuilder()
                        .addAllJobs(change.resources())
                        .addAllNames(change.names())
                        .setNextPageToken(page.getNextPageToken())
                        .build());
    }

    private void watch(WatchJobRequest request, FlowControlledStream<WatchJobResponse> stream)
            throws InterruptedException {
        if (request.getAfterSequence() < 0) {
            throw Errors.invalidArgument("after_sequence", "must be at least 0, was " + request.getAfterSequence());
        }
        String job = id(request.getName());
        if (request.getAfterSequence() > 0 && !request.getResumeToken().isEmpty()) {
            throw Errors.invalidArgument("after_sequence", "must be 0 with a resume_token, which has the position");
        }
        String watch = "job " + job;
        JobFeed feed = request.getResumeToken().isEmpty()
                ? jobs.feed(job, request.getAfterSequence())
                : jobs.feed(job, ResumeToken.decode(watch, request.getResumeToken()));
        while (!stream.isCancelled()) {
            long seen = changes.count(job);
            JobFeed.Batch batch = feed.next();
            if (batch.reset()) {
                stream.send(WatchJobResponse.newBuilder().setReset(true).build());
            }
            for (JobFeed.Entry entry : batch.events()) {
                stream.send(WatchJobResponse.newBuilder()
                        .setEvent(entry.event())
                        .setResumeToken(entry.position().encode(watch))
                        .build());
            }
            if (batch.over() || (request.getReplayOnly() && batch.events().isEmpty())) {
                return;
            }
            if (batch.events().isEmpty() && !changes.await(job, seen, Changes.MAX_WAIT)) {
                throw Answers.stopping();
            }
        }
    }

    private static String id(String name) {
        return RequestNames.id("jobs", name, "name");
    }
}
