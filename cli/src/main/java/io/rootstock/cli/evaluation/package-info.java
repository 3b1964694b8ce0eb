/**
 * Evaluations: creation and reuse, and their progress, results, comparisons and rows as tables and lines. Commands and
 * the report use it.
 */
package io.rootstock.cli.evaluation;
