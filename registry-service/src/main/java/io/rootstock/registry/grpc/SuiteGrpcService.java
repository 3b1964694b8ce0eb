package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.CreateSuiteRevisionResponse;
import io.rootstock.evaluation.v1.DeleteSuiteRequest;
import io.rootstock.evaluation.v1.DeleteSuiteResponse;
import io.rootstock.evaluation.v1.GetSuiteRevisionRequest;
import io.rootstock.evaluation.v1.GetSuiteRevisionResponse;
import io.rootstock.evaluation.v1.ListSuiteRevisionsRequest;
import io.rootstock.evaluation.v1.ListSuiteRevisionsResponse;
import io.rootstock.evaluation.v1.ListSuitesRequest;
import io.rootstock.evaluation.v1.ListSuitesResponse;
import io.rootstock.evaluation.v1.SuiteServiceGrpc;
import io.rootstock.names.SuiteReference;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.evaluation.Suites;
import io.rootstock.service.PageToken;
import io.rootstock.service.RequestNames;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.evaluation.v1.SuiteService}. */
@GrpcService
@Blocking
public class SuiteGrpcService extends SuiteServiceGrpc.SuiteServiceImplBase {
    private final Suites suites;

    /** Creates the service. */
    @Inject
    public SuiteGrpcService(Suites suites) {
        this.suites = suites;
    }

    @Override
    public void createSuiteRevision(
            CreateSuiteRevisionRequest request, StreamObserver<CreateSuiteRevisionResponse> observer) {
        Answers.unary(
                observer,
                () -> CreateSuiteRevisionResponse.newBuilder()
                        .setRevision(suites.create(request))
                        .build());
    }

    @Override
    public void getSuiteRevision(GetSuiteRevisionRequest request, StreamObserver<GetSuiteRevisionResponse> observer) {
        Answers.unary(
                observer,
                () -> GetSuiteRevisionResponse.newBuilder()
                        .setRevision(suites.get(RequestNames.parse(request.getName(), "name", SuiteReference::parse)))
                        .build());
    }

    @Override
    public void listSuites(ListSuitesRequest request, StreamObserver<ListSuitesResponse> observer) {
        Answers.unary(observer, () -> {
            PageQuery page = PageQuery.of(
                    Suites.COLLECTION,
                    Suites.SUITES,
                    request.getFilter(),
                    request.getOrderBy(),
                    request.getPageToken(),
                    PageToken.size(request.getPageSize()));
            ListSuitesResponse.Builder response = ListSuitesResponse.newBuilder();
            String next = Answers.page(page, suites.list(page), response::addRevisions);
            return response.setNextPageToken(next).build();
        });
    }

    @Override
    public void listSuiteRevisions(
            ListSuiteRevisionsRequest request, StreamObserver<ListSuiteRevisionsResponse> observer) {
        Answers.unary(observer, () -> {
            String suite = RequestNames.id(Suites.COLLECTION, request.getSuite(), "suite");
            PageQuery page = PageQuery.of(
                    Suites.COLLECTION + "/" + suite,
                    Suites.REVISIONS,
                    request.getFilter(),
                    request.getOrderBy(),
                    request.getPageToken(),
                    PageToken.size(request.getPageSize()));
            ListSuiteRevisionsResponse.Builder response = ListSuiteRevisionsResponse.newBuilder();
            String next = Answers.page(page, suites.revisions(suite, page), response::addRevisions);
            return response.setNextPageToken(next).build();
        });
    }

    @Override
    public void deleteSuite(DeleteSuiteRequest request, StreamObserver<DeleteSuiteResponse> observer) {
        Answers.unary(observer, () -> {
            suites.delete(request);
            return DeleteSuiteResponse.getDefaultInstance();
        });
    }
}
