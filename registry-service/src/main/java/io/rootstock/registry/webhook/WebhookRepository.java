package io.rootstock.registry.webhook;

import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Webhook;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Rows of {@code webhook}. */
final class WebhookRepository {
    /** The row with its valid secrets, the current one first. */
    private static final String COLUMNS = """
            webhook.*, case when previous_secret_expire_time > clock_timestamp() then previous_secret end as old_secret
            """;

    private static final String SELECT = "select " + COLUMNS + " from webhook ";

    private WebhookRepository() {}

    static void insert(Connection connection, String id, Webhook webhook, Secret secret) throws SQLException {
        Sql.of(
                        connection,
                        "insert into webhook (id, url, event_types, secret) values (?, ?, ?, ?)",
                        id,
                        webhook.getUrl(),
                        webhook.getEventTypesList(),
                        secret.text())
                .update();
    }

    /** Returns the number of webhooks, which does not change until the commit. */
    static long count(Connection connection) throws SQLException {
        Sql.of(connection, "select pg_advisory_xact_lock(hashtextextended('registry.webhook', 0))")
                .one(row -> true);
        return Sql.of(connection, "select count(*) from webhook").one(row -> row.getLong(1));
    }

    static Optional<WebhookRow> find(Connection connection, String id) throws SQLException {
        return Sql.of(connection, SELECT + "where id = ?", id).first(WebhookRepository::row);
    }

    static List<PageQuery.Listed<WebhookRow>> list(Connection connection, PageQuery page) throws SQLException {
        return page.read(connection, COLUMNS, "webhook", "true", List.of(), WebhookRepository::row);
    }

    /** Deletes a webhook with its deliveries; returns false if it does not exist. */
    static boolean delete(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "delete from webhook where id = ?", id).update() == 1;
    }

    /** Replaces the secret; the previous one expires after 24 hours. Returns false if the webhook does not exist. */
    static boolean rotate(Connection connection, String id, Secret secret) throws SQLException {
        return Sql.of(connection, """
                                update webhook set secret = ?, previous_secret = secret,
                                    previous_secret_expire_time = clock_timestamp() + interval '24 hours'
                                where id = ?
                                """, secret.text(), id).update() == 1;
    }

    static void disable(Connection connection, String id) throws SQLException {
        Sql.of(connection, "update webhook set state = 'DISABLED' where id = ?", id)
                .update();
    }

    /** Reads the endpoint from a row of {@link #SELECT}. */
    private static Endpoint endpoint(ResultSet row) throws SQLException {
        List<Secret> secrets = Stream.of(
                        Optional.of(row.getString("secret")), Optional.ofNullable(row.getString("old_secret")))
                .flatMap(Optional::stream)
                .map(Secret::new)
                .toList();
        return new Endpoint(row.getString("url"), secrets);
    }

    private static WebhookRow row(ResultSet row) throws SQLException {
        return new WebhookRow(
                row.getString("id"),
                endpoint(row),
                Sql.strings(row, "event_types"),
                row.getString("state").equals("ENABLED"),
                Sql.timestamp(row, "create_time"));
    }
}
