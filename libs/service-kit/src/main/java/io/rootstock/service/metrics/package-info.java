/**
 * Metrics that every service exports at {@code /q/metrics}; {@code docs/reference/metrics.md} lists them. A service's own
 * metrics are in its package {@code metrics}.
 */
package io.rootstock.service.metrics;
