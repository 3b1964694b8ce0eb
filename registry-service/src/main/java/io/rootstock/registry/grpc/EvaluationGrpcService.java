package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.CompareEvaluationsResponse;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.CreateEvaluationResponse;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.GetEvaluationResponse;
import io.rootstock.evaluation.v1.ListEvaluationsRequest;
import io.rootstock.evaluation.v1.ListEvaluationsResponse;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsResponse;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.evaluation.Comparisons;
import io.rootstock.registry.evaluation.Evaluations;
import io.rootstock.registry.evaluation.RowReading;
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

    /** Creates the service. */
    @Inject
    public EvaluationGrpcService(Evaluations evaluations, RowReading rows, Comparisons comparisons) {
        this.evaluations = evaluations;
        this.rows = rows;
        this.comparisons = comparisons;
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

    private static String id(String name) {
        return RequestNames.id(Evaluations.COLLECTION, name, "name");
    }
}
