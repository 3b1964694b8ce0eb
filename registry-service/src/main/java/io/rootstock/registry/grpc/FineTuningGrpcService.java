package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.finetuning.FineTunings;
import io.rootstock.registry.v1.CancelFineTuningJobRequest;
import io.rootstock.registry.v1.CancelFineTuningJobResponse;
import io.rootstock.registry.v1.CreateFineTuningJobRequest;
import io.rootstock.registry.v1.CreateFineTuningJobResponse;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningServiceGrpc;
import io.rootstock.registry.v1.GetFineTuningJobRequest;
import io.rootstock.registry.v1.GetFineTuningJobResponse;
import io.rootstock.registry.v1.ListFineTuningJobsRequest;
import io.rootstock.registry.v1.ListFineTuningJobsResponse;
import io.rootstock.registry.v1.PauseFineTuningJobRequest;
import io.rootstock.registry.v1.PauseFineTuningJobResponse;
import io.rootstock.registry.v1.ResumeFineTuningJobRequest;
import io.rootstock.registry.v1.ResumeFineTuningJobResponse;
import io.rootstock.service.PageToken;
import io.rootstock.service.RequestNames;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** {@code rootstock.registry.v1.FineTuningService}. */
@GrpcService
@Blocking
public class FineTuningGrpcService extends FineTuningServiceGrpc.FineTuningServiceImplBase {
    private final FineTunings jobs;

    /** Creates the service. */
    @Inject
    public FineTuningGrpcService(FineTunings jobs) {
        this.jobs = jobs;
    }

    @Override
    public void createFineTuningJob(
            CreateFineTuningJobRequest request, StreamObserver<CreateFineTuningJobResponse> observer) {
        Answers.unary(
                observer,
                () -> CreateFineTuningJobResponse.newBuilder()
                        .setJob(jobs.create(request))
                        .build());
    }

    @Override
    public void getFineTuningJob(GetFineTuningJobRequest request, StreamObserver<GetFineTuningJobResponse> observer) {
        Answers.unary(
                observer,
                () -> GetFineTuningJobResponse.newBuilder()
                        .setJob(jobs.get(id(request.getName(), "name")))
                        .build());
    }

    @Override
    public void listFineTuningJobs(
            ListFineTuningJobsRequest request, StreamObserver<ListFineTuningJobsResponse> observer) {
        Answers.unary(observer, () -> list(request));
    }

    @Override
    public void cancelFineTuningJob(
            CancelFineTuningJobRequest request, StreamObserver<CancelFineTuningJobResponse> observer) {
        Answers.unary(
                observer,
                () -> CancelFineTuningJobResponse.newBuilder()
                        .setJob(jobs.cancel(id(request.getName(), "name")))
                        .build());
    }

    @Override
    public void pauseFineTuningJob(
            PauseFineTuningJobRequest request, StreamObserver<PauseFineTuningJobResponse> observer) {
        Answers.unary(
                observer,
                () -> PauseFineTuningJobResponse.newBuilder()
                        .setJob(jobs.pause(id(request.getName(), "name")))
                        .build());
    }

    @Override
    public void resumeFineTuningJob(
            ResumeFineTuningJobRequest request, StreamObserver<ResumeFineTuningJobResponse> observer) {
        Answers.unary(
                observer,
                () -> ResumeFineTuningJobResponse.newBuilder()
                        .setJob(jobs.resume(id(request.getName(), "name")))
                        .build());
    }

    private ListFineTuningJobsResponse list(ListFineTuningJobsRequest request) {
        int size = PageToken.size(request.getPageSize());
        Optional<String> after =
                request.getAfter().isEmpty() ? Optional.empty() : Optional.of(id(request.getAfter(), "after"));
        PageQuery page = PageQuery.of(
                FineTunings.COLLECTION, FineTunings.fields(), request.getFilter(), request.getOrderBy(), "", size);
        List<FineTuningJob> found = jobs.list(after, request.getMetadataMap(), page);
        return ListFineTuningJobsResponse.newBuilder()
                .addAllJobs(found.subList(0, Math.min(size, found.size())))
                .setHasMore(found.size() > size)
                .build();
    }

    private static String id(String name, String field) {
        return RequestNames.id(FineTunings.COLLECTION, name, field);
    }
}
