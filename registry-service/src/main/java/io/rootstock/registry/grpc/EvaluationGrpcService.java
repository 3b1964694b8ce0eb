package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.evaluation.v1.CancelEvaluationRequest;
import io.rootstock.evaluation.v1.CancelEvaluationResponse;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.CompareEvaluationsResponse;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.CreateEvaluationResponse;
import io.rootstock.evaluation.v1.DeleteEvaluationRequest;
import io.rootstock.evaluation.v1.DeleteEvaluationResponse;
import io.rootstock.evaluation.v1.EvaluationEvent;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.GetEvaluationResponse;
import io.rootstock.evaluation.v1.ListEvaluationsRequest;
import io.rootstock.evaluation.v1.ListEvaluationsResponse;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsResponse;
import io.rootstock.evaluation.v1.ResumeEvaluationRequest;
import io.rootstock.evaluation.v1.ResumeEvaluationResponse;
import io.rootstock.evaluation.v1.WatchEvaluationRequest;
import io.rootstock.evaluation.v1.WatchEvaluationResponse;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.evaluation.Comparisons;
import io.rootstock.registry.evaluation.EvaluationFeed;
import io.rootstock.registry.evaluation.Evaluations;
import io.rootstock.registry.evaluation.RowReading;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.PageToken;
import io.rootstock.service.RequestNames;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.evaluation.v1.EvaluationService}. */
@GrpcService
@Blocking
public class EvaluationGrpcService extends EvaluationServiceGrpc.EvaluationServiceImplBase {
    private final Evaluations evaluations;
    private final RowReading rows;
    private final Comparisons comparisons;
    private final Changes changes;

    /** Creates the service. */
    @Inject
    public EvaluationGrpcService(Evaluations evaluations, RowReading rows, Comparisons comparisons, Changes changes) {
        this.evaluations = evaluations;
        this.rows = rows;
        this.comparisons = comparisons;
        this.changes = changes;
    }

    @Override
    public void createEvaluation(CreateEvaluationRequest request, StreamObserver<CreateEvaluationResponse> observer) {
        Answers.unary(
                observer,
                () -> CreateEvaluationResponse.newBuilder()
                        .setEvaluation(evaluations.create(request))
                        .build());
    }

    @Override
    public void getEvaluation(GetEvaluationRequest request, StreamObserver<GetEvaluationResponse> observer) {
        Answers.unary(
                observer,
                () -> GetEvaluationResponse.newBuilder()
                        .setEvaluation(evaluations.get(id(request.getName())))
                        .build());
    }

    @Override
    public void listEvaluations(ListEvaluationsRequest request, StreamObserver<ListEvaluationsResponse> observer) {
        Answers.unary(observer, () -> {
            PageQuery page = PageQuery.of(
                    Evaluations.COLLECTION,
                    Evaluations.FIELDS,
                    request.getFilter(),
                    request.getOrderBy(),
                    request.getPageToken(),
                    PageToken.size(request.getPageSize()));
            ListEvaluationsResponse.Builder response = ListEvaluationsResponse.newBuilder();
            String next = Answers.page(page, evaluations.list(page), response::addEvaluations);
            return response.setNextPageToken(next).build();
        });
    }

    @Override
    public void watchEvaluation(WatchEvaluationRequest request, StreamObserver<WatchEvaluationResponse> observer) {
        Answers.stream(observer, stream -> watch(request, stream));
    }

    @Override
    public void cancelEvaluation(CancelEvaluationRequest request, StreamObserver<CancelEvaluationResponse> observer) {
        Answers.unary(
                observer,
                () -> CancelEvaluationResponse.newBuilder()
                        .setEvaluation(evaluations.cancel(request))
                        .build());
    }

    @Override
    public void resumeEvaluation(ResumeEvaluationRequest request, StreamObserver<ResumeEvaluationResponse> observer) {
        Answers.unary(
                observer,
                () -> ResumeEvaluationResponse.newBuilder()
                        .setEvaluation(evaluations.resume(request))
                        .build());
    }

    @Override
    public void deleteEvaluation(DeleteEvaluationRequest request, StreamObserver<DeleteEvaluationResponse> observer) {
        Answers.unary(observer, () -> {
            evaluations.delete(request);
            return DeleteEvaluationResponse.getDefaultInstance();
        });
    }

    @Override
    public void readEvaluationRows(
            ReadEvaluationRowsRequest request, StreamObserver<ReadEvaluationRowsResponse> observer) {
        Answers.stream(
                observer,
                stream -> rows.read(
                        request,
                        lines -> stream.send(ReadEvaluationRowsResponse.newBuilder()
                                .setLines(lines)
                                .build())));
    }

    @Override
    public void compareEvaluations(
            CompareEvaluationsRequest request, StreamObserver<CompareEvaluationsResponse> observer) {
        Answers.unary(
                observer,
                () -> CompareEvaluationsResponse.newBuilder()
                        .addAllTasks(comparisons.compare(request))
                        .build());
    }

    private void watch(WatchEvaluationRequest request, FlowControlledStream<WatchEvaluationResponse> stream)
            throws InterruptedException {
        if (request.getAfterSequence() < 0) {
            throw Errors.invalidArgument("after_sequence", "must be at least 0, was " + request.getAfterSequence());
        }
        String evaluation = id(request.getName());
        EvaluationFeed feed = evaluations.feed(evaluation, request.getAfterSequence());
        while (!stream.isCancelled()) {
            long seen = changes.count(evaluation);
            EvaluationFeed.Batch batch = feed.next();
            for (EvaluationEvent event : batch.events()) {
                stream.send(WatchEvaluationResponse.newBuilder().setEvent(event).build());
            }
            if (batch.over() || (request.getReplayOnly() && batch.events().isEmpty())) {
                return;
            }
            if (batch.events().isEmpty() && !changes.await(evaluation, seen, Changes.MAX_WAIT)) {
                throw Answers.stopping();
            }
        }
    }

    private static String id(String name) {
        return RequestNames.id(Evaluations.COLLECTION, name, "name");
    }
}
