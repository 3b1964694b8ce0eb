package io.rootstock.registry.webhook;

import io.rootstock.registry.outbox.WebhookEvent;

/**
 * A pending delivery.
 *
 * @param number primary key, in the order of creation
 * @param webhook id of the webhook
 * @param attempts number of attempts so far
 */
record Delivery(long number, String webhook, WebhookEvent event, int attempts) {}
