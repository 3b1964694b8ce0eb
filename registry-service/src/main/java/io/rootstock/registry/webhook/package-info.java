/**
 * Webhooks: their rows, and the loop that sends the deliveries of the outbox. Requests follow the Standard Webhooks
 * specification. A delivery is sent at least once: a registry that is killed before it stores a response sends again.
 */
package io.rootstock.registry.webhook;
