package io.rootstock.registry.webhook;

import io.rootstock.names.EnumNames;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.outbox.WebhookEvent;
import io.rootstock.registry.v1.WebhookAttempt;
import io.rootstock.registry.v1.WebhookDelivery;
import io.rootstock.registry.v1.WebhookDeliveryState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of {@code webhook_delivery} and {@code webhook_attempt}. */
final class DeliveryRepository {
    /** Number of deliveries of a webhook that are kept after they have ended. */
    private static final int KEPT = 1000;

    private DeliveryRepository() {}

    /** Returns the ids of the webhooks that have a due delivery. */
    static List<String> dueWebhooks(Connection connection) throws SQLException {
        return Sql.of(connection, """
                        select id from webhook where state = 'ENABLED' and exists (
                            select 1 from webhook_delivery where webhook_delivery.webhook = webhook.id
                                and webhook_delivery.state = 'PENDING' and next_attempt_time <= clock_timestamp())
                        """).list(row -> row.getString(1));
    }

    /** Returns the due delivery of a webhook that has waited longest; empty if there is none. */
    static Optional<Delivery> due(Connection connection, String webhook) throws SQLException {
        return Sql.of(connection, """
                        select number, webhook, event, event_type, body, (
                            select count(*) from webhook_attempt where delivery = number) as attempts
                        from webhook_delivery
                        where webhook = ? and state = 'PENDING' and next_attempt_time <= clock_timestamp()
                        order by next_attempt_time, number limit 1
                        """, webhook)
                .first(row -> new Delivery(
                        row.getLong("number"), row.getString("webhook"), event(row), row.getInt("attempts")));
    }

    /** Adds a delivery that is due at once, and returns it. */
    static Delivery insert(Connection connection, String webhook, WebhookEvent event) throws SQLException {
        long number = Sql.of(connection, """
                        insert into webhook_delivery (webhook, event, event_type, body, state, next_attempt_time)
                        values (?, ?, ?, ?, 'PENDING', clock_timestamp()) returning number
                        """, webhook, event.id(), event.type(), event.body())
                .one(row -> row.getLong(1));
        return new Delivery(number, webhook, event, 0);
    }

    /**
     * Stores an attempt and ends the delivery, unless it is retried; the oldest ended deliveries are deleted. A webhook
     * whose endpoint is gone is disabled, which ends all its deliveries. Without effect if the delivery has ended or
     * was deleted since.
     *
     * @param retry delay before the next attempt if this one failed; empty: it was the last
     */
    static void store(Connection connection, Delivery delivery, Attempt attempt, Optional<Duration> retry)
            throws SQLException {
        boolean retried = !attempt.succeeded() && !attempt.gone() && retry.isPresent();
        String state = attempt.succeeded() ? "SUCCEEDED" : retried ? "PENDING" : "FAILED";
        boolean changed =
                Sql.of(connection, """
                                update webhook_delivery set state = ?,
                                    next_attempt_time = clock_timestamp() + ? * interval '1 millisecond'
                                where number = ? and state = 'PENDING'
                                """, state, retried ? (Long) retry.get().toMillis() : null, delivery.number())
                                .update()
                        == 1;
        if (!changed) {
            return;
        }
        Sql.of(
                        connection,
                        """
                        insert into webhook_attempt (delivery, attempt, time, status, error, seconds)
                        values (?, ?, ?, ?, ?, ?)
                        """,
                        delivery.number(),
                        delivery.attempts() + 1,
                        attempt.time(),
                        attempt.status(),
                        attempt.error(),
                        attempt.seconds())
                .update();
        if (attempt.gone()) {
            WebhookRepository.disable(connection, delivery.webhook());
            failPending(connection, delivery.webhook());
        }
        Sql.of(connection, """
                        delete from webhook_delivery where webhook = ? and state <> 'PENDING' and number <= (
                            select number from webhook_delivery where webhook = ? and state <> 'PENDING'
                            order by number desc offset ? limit 1)
                        """, delivery.webhook(), delivery.webhook(), KEPT).update();
    }

    private static void failPending(Connection connection, String webhook) throws SQLException {
        Sql.of(connection, """
                        update webhook_delivery set state = 'FAILED', next_attempt_time = null
                        where webhook = ? and state = 'PENDING'
                        """, webhook).update();
    }

    /** Returns the deliveries of a webhook of a page. */
    static List<PageQuery.Listed<WebhookDelivery>> list(Connection connection, String webhook, PageQuery page)
            throws SQLException {
        List<PageQuery.Listed<Numbered>> deliveries = page.read(
                connection,
                "webhook_delivery.*",
                "webhook_delivery",
                "webhook = ?",
                List.of(webhook),
                DeliveryRepository::numbered);
        Map<Long, List<WebhookAttempt>> attempts = attempts(
                connection,
                deliveries.stream().map(listed -> listed.item().number()).toList());
        return deliveries.stream()
                .map(listed ->
                        new PageQuery.Listed<>(listed.cursor(), listed.item().with(attempts)))
                .toList();
    }

    /** Returns a delivery with its attempts. */
    static WebhookDelivery get(Connection connection, long number) throws SQLException {
        Numbered delivery = Sql.of(connection, "select * from webhook_delivery where number = ?", number)
                .one(DeliveryRepository::numbered);
        return delivery.with(attempts(connection, List.of(number)));
    }

    /** A delivery without its attempts. */
    private record Numbered(long number, WebhookDelivery delivery) {
        WebhookDelivery with(Map<Long, List<WebhookAttempt>> attempts) {
            return delivery.toBuilder()
                    .addAllAttempts(attempts.getOrDefault(number, List.of()))
                    .build();
        }
    }

    private static Numbered numbered(ResultSet row) throws SQLException {
        return new Numbered(row.getLong("number"), delivery(row));
    }

    private static Map<Long, List<WebhookAttempt>> attempts(Connection connection, List<Long> numbers)
            throws SQLException {
        Map<Long, List<WebhookAttempt>> attempts = new HashMap<>();
        if (!numbers.isEmpty()) {
            Sql.of(connection, "select * from webhook_attempt where delivery = any(?) order by attempt", numbers)
                    .list(row -> attempts.computeIfAbsent(row.getLong("delivery"), number -> new ArrayList<>())
                            .add(attempt(row).toProto()));
        }
        return attempts;
    }

    private static WebhookDelivery delivery(ResultSet row) throws SQLException {
        WebhookDelivery.Builder delivery = WebhookDelivery.newBuilder()
                .setEvent(row.getString("event"))
                .setEventType(row.getString("event_type"))
                .setBody(row.getString("body"))
                .setState(EnumNames.parse(WebhookDeliveryState.class, row.getString("state")))
                .setCreateTime(Sql.timestamp(row, "create_time"));
        if (row.getObject("next_attempt_time") != null) {
            delivery.setNextAttemptTime(Sql.timestamp(row, "next_attempt_time"));
        }
        return delivery.build();
    }

    private static WebhookEvent event(ResultSet row) throws SQLException {
        return new WebhookEvent(row.getString("event"), row.getString("event_type"), row.getString("body"));
    }

    private static Attempt attempt(ResultSet row) throws SQLException {
        return new Attempt(
                row.getObject("time", OffsetDateTime.class).toInstant(),
                row.getInt("status"),
                row.getString("error"),
                row.getDouble("seconds"));
    }

    /**
     * A pending delivery.
     *
     * @param number primary key, in the order of creation
     * @param webhook id of the webhook
     * @param attempts number of attempts so far
     */
    record Delivery(long number, String webhook, WebhookEvent event, int attempts) {}
}
