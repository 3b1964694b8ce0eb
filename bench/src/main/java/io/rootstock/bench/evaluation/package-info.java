/** Comparisons of libs/evaluation with lm-evaluation-harness and with public libraries of metrics and statistics. */
package io.rootstock.bench.evaluation;
