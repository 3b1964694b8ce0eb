package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.registry.canary.CanaryAnalyses;
import io.rootstock.registry.canary.CanaryReports;
import io.rootstock.registry.v1.CanaryServiceGrpc;
import io.rootstock.registry.v1.GetCanaryAnalysisRequest;
import io.rootstock.registry.v1.GetCanaryAnalysisResponse;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import io.rootstock.registry.v1.ReportCanaryFiguresResponse;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.registry.v1.CanaryService}. */
@GrpcService
@Blocking
public class CanaryGrpcService extends CanaryServiceGrpc.CanaryServiceImplBase {
    private final CanaryAnalyses analyses;
    private final CanaryReports reports;

    /** Creates the service. */
    @Inject
    public CanaryGrpcService(CanaryAnalyses analyses, CanaryReports reports) {
        this.analyses = analyses;
        this.reports = reports;
    }

    @Override
    public void getCanaryAnalysis(
            GetCanaryAnalysisRequest request, StreamObserver<GetCanaryAnalysisResponse> observer) {
        Answers.unary(
                observer,
                () -> GetCanaryAnalysisResponse.newBuilder()
                        .setAnalysis(analyses.get(request))
                        .build());
    }

    @Override
    public void reportCanaryFigures(
            ReportCanaryFiguresRequest request, StreamObserver<ReportCanaryFiguresResponse> observer) {
        Answers.unary(
                observer,
                () -> ReportCanaryFiguresResponse.newBuilder()
                        .setRunning(reports.report(request))
                        .build());
    }
}
