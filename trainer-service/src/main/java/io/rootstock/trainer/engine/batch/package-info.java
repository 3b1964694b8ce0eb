/**
 * Batches of token rows with their targets, and their division among replicas. This package knows nothing of the model:
 * limits that follow from the model's shape are passed in as {@link io.rootstock.trainer.engine.batch.BatchLimits}.
 */
package io.rootstock.trainer.engine.batch;
