/** Benchmarks of the registry under a steady load: a large database with many watchers, and rotations of certificates. */
package io.rootstock.bench.controlplane;
