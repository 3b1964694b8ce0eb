/** Metrics of the trainer; {@code docs/reference/metrics.md} lists them. */
package io.rootstock.trainer.metrics;
