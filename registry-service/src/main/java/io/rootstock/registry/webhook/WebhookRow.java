package io.rootstock.registry.webhook;

import com.google.protobuf.Timestamp;
import io.rootstock.names.ResourceName;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.registry.v1.WebhookState;
import java.util.List;

/**
 * A row of {@code webhook}.
 *
 * @param eventTypes types to receive; empty: all
 */
record WebhookRow(String id, Endpoint endpoint, List<String> eventTypes, boolean enabled, Timestamp createTime) {

    String name() {
        return name(id);
    }

    static String name(String id) {
        return new ResourceName(Webhooks.COLLECTION, id).toString();
    }

    /** Returns the message, which has no secret. */
    Webhook toProto() {
        return Webhook.newBuilder()
                .setName(name())
                .setUrl(endpoint.url())
                .addAllEventTypes(eventTypes)
                .setState(enabled ? WebhookState.WEBHOOK_STATE_ENABLED : WebhookState.WEBHOOK_STATE_DISABLED)
                .setCreateTime(createTime)
                .build();
    }
}
