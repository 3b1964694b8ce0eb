/** Metrics of the evaluator. */
package io.rootstock.evaluator.metrics;
