/** Metrics of the registry, read from the database; {@code docs/reference/metrics.md} lists them. */
package io.rootstock.registry.metrics;
