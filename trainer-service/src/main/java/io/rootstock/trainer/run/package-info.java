/**
 * Runs in the service: a queue, a lock per run, and worker processes that are launched, adopted after a restart of the
 * service and restarted after a failure. All state is on disk; the service and its workers may be killed at any time.
 */
package io.rootstock.trainer.run;
