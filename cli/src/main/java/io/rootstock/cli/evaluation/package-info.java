/**
 * Evaluations: creation, reuse and progress, and their results, comparisons and rows as tables and lines. Commands and
 * the report use it.
 */
package io.rootstock.cli.evaluation;
