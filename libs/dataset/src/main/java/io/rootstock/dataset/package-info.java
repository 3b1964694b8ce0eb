/**
 * The form in which training data travels from the tokenizer service to the trainer: a JSON {@link
 * io.rootstock.dataset.DatasetManifest} that names {@link io.rootstock.dataset.Shard} files by digest.
 *
 * <p>A shard holds token rows of one source and one split, to be read through a memory map. Sampling weights stand in
 * the manifest only, so that a mixture changes without tokenizing again. No text is kept here and nothing tokenizes.
 */
package io.rootstock.dataset;
