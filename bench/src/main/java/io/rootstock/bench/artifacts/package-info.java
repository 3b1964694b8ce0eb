/** Benchmarks of the artifact store. */
package io.rootstock.bench.artifacts;
