/**
 * Baselines that need no language model: logistic regression and nearest neighbours on hashed n-grams. Deterministic,
 * with bounded time and memory.
 */
package io.rootstock.evaluation.baseline;
