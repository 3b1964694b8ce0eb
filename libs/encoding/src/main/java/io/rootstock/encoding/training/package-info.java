/**
 * Trains tokenizers: {@link io.rootstock.encoding.training.WordCounter} counts the words of a text exactly,
 * {@link io.rootstock.encoding.training.BpeTrainer} learns merges from the counts.
 *
 * <p>Nothing here encodes text, except {@link io.rootstock.encoding.training.CompressionReport}, which counts tokens.
 */
package io.rootstock.encoding.training;
