/** Benchmark of the registry with a large database, many watchers and a steady load. */
package io.rootstock.bench.controlplane;
