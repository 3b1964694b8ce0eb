/** Comparison of the evaluation library with lm-evaluation-harness. */
package io.rootstock.bench.evaluation;
