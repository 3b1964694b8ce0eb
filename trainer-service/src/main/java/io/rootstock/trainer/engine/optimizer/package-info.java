/**
 * Optimizers: AdamW, and Muon for the layers' matrices. An {@link io.rootstock.trainer.engine.optimizer.Optimizer} defines
 * the update; the device decides on which threads and with which kernel it runs.
 */
package io.rootstock.trainer.engine.optimizer;
