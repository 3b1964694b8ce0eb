/**
 * Meters of serving, exported at /q/metrics and listed in {@code docs/reference/metrics.md}. The package contains meters
 * only; the code that observes an event records it here.
 */
package io.rootstock.inference.metrics;
