/**
 * Distributes tokenized rows to the training, validation and test split and writes their shards.
 *
 * <p>Rows whose split depends on their number wait in a temporary file; memory holds a few bytes of each. The result is a
 * function of the rows, their order, the fractions and the seed.
 */
package io.rootstock.tokenizer.split;
