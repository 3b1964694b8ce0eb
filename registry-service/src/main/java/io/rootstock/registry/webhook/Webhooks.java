package io.rootstock.registry.webhook;

import io.grpc.StatusRuntimeException;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RandomId;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.outbox.EventType;
import io.rootstock.registry.outbox.WebhookEvent;
import io.rootstock.registry.v1.CreateWebhookRequest;
import io.rootstock.registry.v1.CreateWebhookResponse;
import io.rootstock.registry.v1.DeleteWebhookRequest;
import io.rootstock.registry.v1.RotateWebhookSecretRequest;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.registry.v1.WebhookDelivery;
import io.rootstock.registry.v1.WebhookDeliveryState;
import io.rootstock.registry.v1.WebhookState;
import io.rootstock.registry.webhook.DeliveryRepository.Delivery;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** The clients' operations on webhooks. */
@ApplicationScoped
public class Webhooks {
    /** Collection of the webhooks. */
    public static final String COLLECTION = "webhooks";

    /** Fields of filters and orders of webhooks; the list begins with the newest one. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "('webhooks/' || webhook.id)"),
                    new Field<>("url", FieldType.TEXT, "webhook.url"),
                    Field.of("state", WebhookState.class, "webhook.state"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "webhook.create_time")),
            new Field<>("number", FieldType.INTEGER, "webhook.number"),
            true);

    /** Fields of filters and orders of deliveries; the list begins with the newest one. */
    public static final ListFields<String> DELIVERY_FIELDS = new ListFields<>(
            List.of(
                    new Field<>("event", FieldType.TEXT, "event"),
                    new Field<>("event_type", FieldType.TEXT, "event_type"),
                    Field.of("state", WebhookDeliveryState.class, "state"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "create_time")),
            new Field<>("number", FieldType.INTEGER, "number"),
            true);

    /** Maximum number of webhooks. */
    static final int LIMIT = 100;

    private static final String TEST_TYPE = "webhook.test";
    private static final int TESTS = 4;
    private static final Duration TEST_RETRY = Duration.ofSeconds(5);
    private static final Duration LIMIT_RETRY = Duration.ofMinutes(1);
    private static final int ID_LENGTH = 16;

    private final Database database;
    private final EndpointPolicy policy;
    private final WebhookSender sender;
    private final Semaphore tests = new Semaphore(TESTS);

    /** Creates the operations. */
    @Inject
    public Webhooks(Database database, EndpointPolicy policy, WebhookSender sender) {
        this.database = database;
        this.policy = policy;
        this.sender = sender;
    }

    /** Creates a webhook; the secret is in the response to the first of equal requests only. */
    public CreateWebhookResponse create(CreateWebhookRequest request) {
        Webhook webhook = Webhook.newBuilder()
                .setUrl(request.getWebhook().getUrl())
                .addAllEventTypes(request.getWebhook().getEventTypesList())
                .build();
        require(webhook);
        Secret secret = Secret.generate();
        WebhookRow row = database.write(connection -> {
            String id = RequestLog.once(connection, "CreateWebhook", request.getRequestId(), webhook, () -> {
                if (WebhookRepository.count(connection) >= LIMIT) {
                    throw Errors.resourceExhausted(
                            "TOO_MANY_WEBHOOKS", "there are " + LIMIT + " webhooks; delete one first", LIMIT_RETRY);
                }
                String fresh = RandomId.of("webhook-", ID_LENGTH);
                WebhookRepository.insert(connection, fresh, webhook, secret);
                return fresh;
            });
            return WebhookRepository.find(connection, id).orElseThrow(() -> missingWebhook(id));
        });
        CreateWebhookResponse.Builder response =
                CreateWebhookResponse.newBuilder().setWebhook(row.toProto());
        if (row.endpoint().secrets().contains(secret)) {
            response.setSecret(secret.text());
        }
        return response.build();
    }

    /** Returns a webhook; NOT_FOUND if it does not exist. */
    public Webhook get(String id) {
        return row(id).toProto();
    }

    /** Returns the webhooks of a page, whose query has {@link #FIELDS}. */
    public List<PageQuery.Listed<Webhook>> list(PageQuery page) {
        return database.read(connection -> WebhookRepository.list(connection, page)).stream()
                .map(listed ->
                        new PageQuery.Listed<>(listed.cursor(), listed.item().toProto()))
                .toList();
    }

    /** Deletes a webhook with its deliveries. */
    public void delete(DeleteWebhookRequest request) {
        String id = RequestNames.id(COLLECTION, request.getName(), "name");
        database.write(connection -> RequestLog.once(connection, request, () -> {
            if (!WebhookRepository.delete(connection, id)) {
                throw missingWebhook(id);
            }
            return "";
        }));
    }

    /** Replaces the secret and returns the new one; empty if the request id repeats a request. */
    public String rotateSecret(RotateWebhookSecretRequest request) {
        String id = RequestNames.id(COLLECTION, request.getName(), "name");
        AtomicReference<String> rotated = new AtomicReference<>("");
        database.write(connection -> RequestLog.once(connection, request, () -> {
            Secret secret = Secret.generate();
            if (!WebhookRepository.rotate(connection, id, secret)) {
                throw missingWebhook(id);
            }
            rotated.set(secret.text());
            return "";
        }));
        return rotated.get();
    }

    /** Sends a test event once and returns its delivery. */
    public WebhookDelivery test(String id) {
        WebhookRow row = row(id);
        if (!row.enabled()) {
            throw Errors.failedPrecondition(
                    "WEBHOOK_DISABLED",
                    row.name() + " is disabled because its endpoint answered 410 Gone; create another webhook");
        }
        if (!tests.tryAcquire()) {
            throw Errors.resourceExhausted("TESTS_RUNNING", TEST_RETRY);
        }
        WebhookEvent event = WebhookEvent.of(TEST_TYPE, id);
        Attempt attempt;
        try {
            attempt = sender.send(row.endpoint(), event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Errors.unavailable("STOPPING", "the registry is stopping; test again");
        } finally {
            tests.release();
        }
        return database.write(connection -> {
            Delivery delivery = DeliveryRepository.insert(connection, id, event);
            DeliveryRepository.store(connection, delivery, attempt, Optional.empty());
            return DeliveryRepository.get(connection, delivery.number());
        });
    }

    /** Returns the deliveries of a webhook of a page, whose query has {@link #DELIVERY_FIELDS}. */
    public List<PageQuery.Listed<WebhookDelivery>> deliveries(String id, PageQuery page) {
        return database.read(connection -> {
            WebhookRow _ = WebhookRepository.find(connection, id).orElseThrow(() -> missingWebhook(id));
            return DeliveryRepository.list(connection, id, page);
        });
    }

    private void require(Webhook webhook) {
        policy.violation(webhook.getUrl()).ifPresent(violation -> {
            throw Errors.invalidArgument("webhook.url", violation);
        });
        try {
            InetAddress _ = policy.resolve(URI.create(webhook.getUrl()).getHost());
        } catch (IOException e) {
            throw Errors.invalidArgument("webhook.url", e.getMessage());
        }
        List<String> known = EventType.labels();
        for (int i = 0; i < webhook.getEventTypesCount(); i++) {
            String type = webhook.getEventTypes(i);
            if (!known.contains(type) || webhook.getEventTypesList().indexOf(type) < i) {
                throw Errors.invalidArgument(
                        "webhook.event_types[" + i + "]", "must be one of " + String.join(", ", known) + ", each once");
            }
        }
    }

    private WebhookRow row(String id) {
        return database.read(connection -> WebhookRepository.find(connection, id))
                .orElseThrow(() -> missingWebhook(id));
    }

    private static StatusRuntimeException missingWebhook(String id) {
        return Errors.notFound(WebhookRow.name(id), "list the webhooks with `rootstock webhooks list`");
    }
}
