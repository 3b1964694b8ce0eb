/**
 * Converts rows to datasets: validates and tokenizes each row, assigns it to a split, writes content-addressed shards
 * and the manifest, and computes the counts of the mixture table and of bits per byte.
 *
 * <p>The output is deterministic: equal requests and sources give equal digests. The trainer samples by weight;
 * {@code io.rootstock.corpus.source} reads the files.
 */
package io.rootstock.tokenizer.dataset;
