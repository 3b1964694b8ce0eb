/**
 * Format of training data between the tokenizer service and the trainer: a JSON
 * {@link io.rootstock.dataset.DatasetManifest} that lists {@link io.rootstock.dataset.Shard} files by digest.
 *
 * <p>A shard holds token rows of one source and one split, and is read through a memory map. Sampling weights are only
 * in the manifest, so that a mixture changes without tokenizing again. The package stores no text and does not
 * tokenize.
 */
package io.rootstock.dataset;
