/**
 * Generation: one thread per loaded model queues requests, assigns them slots, and advances them together (continuous
 * batching).
 */
package io.rootstock.inference.engine.scheduling;
