package io.rootstock.cli.command.webhook;

import io.rootstock.registry.v1.Webhook;

/** Event types of a webhook as text. */
final class EventTypes {
    private EventTypes() {}

    static String of(Webhook webhook) {
        return webhook.getEventTypesCount() == 0 ? "all" : String.join(", ", webhook.getEventTypesList());
    }
}
