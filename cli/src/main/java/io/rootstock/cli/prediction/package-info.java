/**
 * Predictions of a served model for the rows of files: bounded concurrent requests, a file of predictions, and their
 * score.
 */
package io.rootstock.cli.prediction;
