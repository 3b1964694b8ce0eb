/**
 * Bases of others: takes the files of a Hugging Face directory, checks all of it, and stores it as the artifacts that a run
 * exports. What file formats mean is {@code io.rootstock.checkpoint}'s business.
 */
package io.rootstock.trainer.imports;
