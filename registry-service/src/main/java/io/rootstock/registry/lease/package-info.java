/** Leases of runs whose workers run apart from the trainer: at most one worker trains a run. */
package io.rootstock.registry.lease;
