/**
 * Jobs: checked, resolved to digests, sent to the trainer through an outbox, followed event by event, and turned into
 * a version when they succeed. The database is the only truth: every loop here reads what to do from it, so a killed
 * registry goes on where it was. Nothing here knows gRPC's server side.
 */
package io.rootstock.registry.job;
