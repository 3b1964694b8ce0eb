/**
 * Metrics whose score depends only on sums of statistics of rows, so that a corpus can be scored without its texts and
 * resampled. Independent of models and protocols; the packages below hold the metrics.
 */
package io.rootstock.evaluation.metric;
