package io.rootstock.registry.outbox;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.registry.database.RandomId;
import java.time.Instant;

/**
 * An event as webhooks receive it.
 *
 * @param id unique id, the header {@code webhook-id}
 * @param type such as {@code fine_tuning.job.succeeded}
 * @param body JSON in the format of OpenAI's events
 */
public record WebhookEvent(String id, String type, String body) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ID_LENGTH = 24;

    /** Creates an event of the current time about the resource with this id. */
    public static WebhookEvent of(String type, String subject) {
        String id = RandomId.of("evt_", ID_LENGTH);
        ObjectNode body = JSON.createObjectNode()
                .put("id", id)
                .put("object", "event")
                .put("created_at", Instant.now().getEpochSecond())
                .put("type", type);
        body.putObject("data").put("id", subject);
        return new WebhookEvent(id, type, body.toString());
    }
}
