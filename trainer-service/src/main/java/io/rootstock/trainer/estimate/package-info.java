/**
 * What a run will cost before anything is spent: parameters, tokens, floating-point operations, memory, seconds and
 * dollars, on this machine (probed by a short matrix product) or on a device of the price table.
 */
package io.rootstock.trainer.estimate;
