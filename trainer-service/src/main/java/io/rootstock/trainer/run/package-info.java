/**
 * Runs as the service sees them: a queue, a lease for each run, worker processes that are launched, adopted after a
 * restart of the service and restarted after a death, and the states that follow. What is on disk is the truth; the
 * service and its workers may be killed at any instant.
 */
package io.rootstock.trainer.run;
