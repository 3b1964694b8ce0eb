/**
 * The process that trains one run. It acquires the run's lock, reads spec, data and base, restores the newest valid
 * checkpoint, trains to the end of the budget, evaluates, and exports the model. It communicates with the service only
 * through the run's directory, so that either can fail independently.
 */
package io.rootstock.trainer.worker;
