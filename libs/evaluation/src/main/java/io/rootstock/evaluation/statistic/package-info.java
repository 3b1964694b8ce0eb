/**
 * Intervals and paired tests of metrics, and their correction for several tests. They describe the error of drawing
 * these rows from all rows; the error of a training seed is a different one, and needs several runs.
 */
package io.rootstock.evaluation.statistic;
