package io.rootstock.cli.score;

import io.rootstock.evaluation.statistic.Estimate;

/**
 * A metric of a file.
 *
 * @param task task of row records; empty for other files
 * @param metric name of the metric
 * @param estimate value with its error
 * @param rows number of rows
 * @param signature settings that make values comparable; may be empty
 */
public record FileScore(String task, String metric, Estimate estimate, int rows, String signature) {}
