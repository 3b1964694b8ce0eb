package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.v1.CreateWebhookRequest;
import io.rootstock.registry.v1.CreateWebhookResponse;
import io.rootstock.registry.v1.DeleteWebhookRequest;
import io.rootstock.registry.v1.DeleteWebhookResponse;
import io.rootstock.registry.v1.GetWebhookRequest;
import io.rootstock.registry.v1.GetWebhookResponse;
import io.rootstock.registry.v1.ListWebhookDeliveriesRequest;
import io.rootstock.registry.v1.ListWebhookDeliveriesResponse;
import io.rootstock.registry.v1.ListWebhooksRequest;
import io.rootstock.registry.v1.ListWebhooksResponse;
import io.rootstock.registry.v1.RotateWebhookSecretRequest;
import io.rootstock.registry.v1.RotateWebhookSecretResponse;
import io.rootstock.registry.v1.TestWebhookRequest;
import io.rootstock.registry.v1.TestWebhookResponse;
import io.rootstock.registry.v1.WebhookServiceGrpc;
import io.rootstock.registry.webhook.Webhooks;
import io.rootstock.service.PageToken;
import io.rootstock.service.RequestNames;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.registry.v1.WebhookService}. */
@GrpcService
@Blocking
public class WebhookGrpcService extends WebhookServiceGrpc.WebhookServiceImplBase {
    private final Webhooks webhooks;

    /** Creates the service. */
    @Inject
    public WebhookGrpcService(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    @Override
    public void createWebhook(CreateWebhookRequest request, StreamObserver<CreateWebhookResponse> observer) {
        Answers.unary(observer, () -> webhooks.create(request));
    }

    @Override
    public void getWebhook(GetWebhookRequest request, StreamObserver<GetWebhookResponse> observer) {
        Answers.unary(
                observer,
                () -> GetWebhookResponse.newBuilder()
                        .setWebhook(webhooks.get(id(request.getName(), "name")))
                        .build());
    }

    @Override
    public void listWebhooks(ListWebhooksRequest request, StreamObserver<ListWebhooksResponse> observer) {
        Answers.unary(observer, () -> list(request));
    }

    @Override
    public void deleteWebhook(DeleteWebhookRequest request, StreamObserver<DeleteWebhookResponse> observer) {
        Answers.unary(observer, () -> {
            webhooks.delete(request);
            return DeleteWebhookResponse.getDefaultInstance();
        });
    }

    @Override
    public void rotateWebhookSecret(
            RotateWebhookSecretRequest request, StreamObserver<RotateWebhookSecretResponse> observer) {
        Answers.unary(
                observer,
                () -> RotateWebhookSecretResponse.newBuilder()
                        .setSecret(webhooks.rotateSecret(request))
                        .build());
    }

    @Override
    public void testWebhook(TestWebhookRequest request, StreamObserver<TestWebhookResponse> observer) {
        Answers.unary(
                observer,
                () -> TestWebhookResponse.newBuilder()
                        .setDelivery(webhooks.test(id(request.getName(), "name")))
                        .build());
    }

    @Override
    public void listWebhookDeliveries(
            ListWebhookDeliveriesRequest request, StreamObserver<ListWebhookDeliveriesResponse> observer) {
        Answers.unary(observer, () -> deliveries(request));
    }

    private ListWebhooksResponse list(ListWebhooksRequest request) {
        PageQuery page = PageQuery.of(
                Webhooks.COLLECTION,
                Webhooks.FIELDS,
                request.getFilter(),
                request.getOrderBy(),
                request.getPageToken(),
                PageToken.size(request.getPageSize()));
        ListWebhooksResponse.Builder response = ListWebhooksResponse.newBuilder();
        String next = Answers.page(page, webhooks.list(page), response::addWebhooks);
        return response.setNextPageToken(next).build();
    }

    private ListWebhookDeliveriesResponse deliveries(ListWebhookDeliveriesRequest request) {
        String webhook = id(request.getWebhook(), "webhook");
        PageQuery page = PageQuery.of(
                "deliveries " + webhook,
                Webhooks.DELIVERY_FIELDS,
                request.getFilter(),
                request.getOrderBy(),
                request.getPageToken(),
                PageToken.size(request.getPageSize()));
        ListWebhookDeliveriesResponse.Builder response = ListWebhookDeliveriesResponse.newBuilder();
        String next = Answers.page(page, webhooks.deliveries(webhook, page), response::addDeliveries);
        return response.setNextPageToken(next).build();
    }

    private static String id(String name, String field) {
        return RequestNames.id(Webhooks.COLLECTION, name, field);
    }
}
