/**
 * Responses of scored rows on disk, so that a resumed or repeated evaluation calls the model for new rows only. Only
 * deterministic responses are stored: log-probabilities and greedy generations.
 */
package io.rootstock.evaluator.cache;
