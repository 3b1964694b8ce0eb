/**
 * The process that trains one run. It holds the run's lease, reads spec, data and base, goes on from the newest whole
 * checkpoint, trains to the end of the budget, evaluates, and exports the model. It knows the service only through the
 * run's folder, so that either may die without the other.
 */
package io.rootstock.trainer.worker;
