package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
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
import java.util.List;

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
        String query = Webhooks.COLLECTION;
        int size = size(request.getPageSize());
        List<Webhooks.Listed> found = webhooks.list(before(query, request.getPageToken()), size + 1);
        ListWebhooksResponse.Builder response = ListWebhooksResponse.newBuilder();
        found.stream().limit(size).map(Webhooks.Listed::webhook).forEach(response::addWebhooks);
        if (found.size() > size) {
            response.setNextPageToken(token(query, found.get(size - 1).number()));
        }
        return response.build();
    }

    private ListWebhookDeliveriesResponse deliveries(ListWebhookDeliveriesRequest request) {
        String webhook = id(request.getWebhook(), "webhook");
        String query = "deliveries " + webhook;
        int size = size(request.getPageSize());
        List<Webhooks.ListedDelivery> found =
                webhooks.deliveries(webhook, before(query, request.getPageToken()), size + 1);
        ListWebhookDeliveriesResponse.Builder response = ListWebhookDeliveriesResponse.newBuilder();
        found.stream().limit(size).map(Webhooks.ListedDelivery::delivery).forEach(response::addDeliveries);
        if (found.size() > size) {
            response.setNextPageToken(token(query, found.get(size - 1).number()));
        }
        return response.build();
    }

    private static int size(int requested) {
        return PageToken.size(requested, Answers.STANDARD_PAGE, Answers.LARGEST_PAGE);
    }

    private static long before(String query, String pageToken) {
        return PageToken.decode(query, pageToken).map(Long::parseLong).orElse(Long.MAX_VALUE);
    }

    private static String token(String query, long number) {
        return PageToken.encode(query, Long.toString(number));
    }

    private static String id(String name, String field) {
        return RequestNames.id(Webhooks.COLLECTION, name, field);
    }
}
