/**
 * Scores of responses, their records as JSON lines, and aggregation over rows. A record holds everything that its scores
 * need, so that records can be scored again without a model. Statistics over records are elsewhere.
 */
package io.rootstock.evaluation.task.score;
