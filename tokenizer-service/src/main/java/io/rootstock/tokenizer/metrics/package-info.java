/** Metrics of the tokenizer service; {@code docs/reference/metrics.md} lists them. */
package io.rootstock.tokenizer.metrics;
