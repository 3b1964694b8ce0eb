/**
 * The data of a run: one prepared dataset, or a mixture of datasets as one manifest, and the expected draws of a mixture,
 * which are reported before the run starts. The choice of each sequence is {@code io.rootstock.dataset.mixture}'s.
 */
package io.rootstock.trainer.data.mixture;
