/**
 * Language identification: a reader of fastText's supervised models, a detector without a model file, and the step that
 * keeps documents of given languages.
 *
 * <p>The user brings the model file, such as {@code lid.176.bin} or {@code lid.176.ftz}; none is shipped. Formats and
 * arithmetic are those of fastText 0.9.2 (https://github.com/facebookresearch/fastText, {@code src/}).
 */
package io.rootstock.corpus.language;
