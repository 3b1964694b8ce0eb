package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.registry.identity.Quotas;
import io.rootstock.registry.v1.DeleteQuotaRequest;
import io.rootstock.registry.v1.DeleteQuotaResponse;
import io.rootstock.registry.v1.ListQuotasRequest;
import io.rootstock.registry.v1.ListQuotasResponse;
import io.rootstock.registry.v1.QuotaServiceGrpc;
import io.rootstock.registry.v1.SetQuotaRequest;
import io.rootstock.registry.v1.SetQuotaResponse;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.registry.v1.QuotaService}. */
@GrpcService
@Blocking
public class QuotaGrpcService extends QuotaServiceGrpc.QuotaServiceImplBase {
    private final Quotas quotas;

    /** Creates the service. */
    @Inject
    public QuotaGrpcService(Quotas quotas) {
        this.quotas = quotas;
    }

    @Override
    public void setQuota(SetQuotaRequest request, StreamObserver<SetQuotaResponse> observer) {
        Answers.unary(
                observer,
                () -> SetQuotaResponse.newBuilder()
                        .setQuota(quotas.set(request))
                        .build());
    }

    @Override
    public void listQuotas(ListQuotasRequest request, StreamObserver<ListQuotasResponse> observer) {
        Answers.unary(
                observer,
                () -> ListQuotasResponse.newBuilder()
                        .addAllQuotas(quotas.list())
                        .build());
    }

    @Override
    public void deleteQuota(DeleteQuotaRequest request, StreamObserver<DeleteQuotaResponse> observer) {
        Answers.unary(observer, () -> {
            quotas.delete(request);
            return DeleteQuotaResponse.getDefaultInstance();
        });
    }
}
