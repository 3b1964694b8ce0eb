/**
 * Turns rows into datasets: validates each row, tokenizes it, decides its split, writes digest-named shards and the
 * manifest, and counts what the mixture table and bits per byte need.
 *
 * <p>Everything depends only on the request and the sources: the same request gives the same digest. Sampling by weight
 * is the trainer's; files are read by {@code io.rootstock.tokenizer.source}.
 */
package io.rootstock.tokenizer.dataset;
