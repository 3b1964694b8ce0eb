/**
 * Benchmarks of many jobs on a cluster. The scheduling policy runs on simulated devices with a simulated clock; the scheduler
 * is the registry's.
 */
package io.rootstock.bench.cluster;
