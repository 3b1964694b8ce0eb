/** Selects tokens from logits, and converts tokens to text: log-probabilities, characters, stop strings. */
package io.rootstock.inference.engine.sampling;
