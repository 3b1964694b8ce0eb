/**
 * The outbox of webhooks: the transaction that changes the state of a job, fine-tuning job or evaluation also
 * stores the event and one delivery for each webhook that receives it. Sending is the task of the package webhook.
 */
package io.rootstock.registry.outbox;
