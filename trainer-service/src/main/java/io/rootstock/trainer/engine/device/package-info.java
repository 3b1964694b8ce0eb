/**
 * The contract between the engine and the hardware it trains on. {@code engine.cpu} and {@code engine.cuda} implement
 * {@link io.rootstock.trainer.engine.device.ComputeDevice}; only {@code engine} names the implementations.
 */
package io.rootstock.trainer.engine.device;
