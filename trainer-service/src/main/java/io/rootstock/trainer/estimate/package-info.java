/**
 * Estimates of a run before it starts: parameters, tokens, FLOPs, memory, seconds and dollars, on this machine
 * (measured by a short matrix product) or on a device of the price table.
 */
package io.rootstock.trainer.estimate;
