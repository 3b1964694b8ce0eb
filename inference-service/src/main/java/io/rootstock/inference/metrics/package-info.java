/**
 * The figures of serving, under /q/metrics; {@code docs/inference-service.md} lists them. Meters only: whoever knows that
 * something happened says so here.
 */
package io.rootstock.inference.metrics;
