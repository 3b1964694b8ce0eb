/**
 * Steps that judge the quality of a document by published rules: Gopher (quality and repetition), C4, FineWeb, and the
 * removal of repeated lines.
 *
 * <p>Every threshold is a component of the step's record; {@code published()} gives the values of the papers. The rules
 * are datatrove's (https://github.com/huggingface/datatrove, version 0.10, {@code pipeline/filters}). Words are found by
 * {@link io.rootstock.corpus.quality.DocumentScan}, not by spaCy, NLTK or Kiwi as in datatrove: see its comment.
 */
package io.rootstock.corpus.quality;
