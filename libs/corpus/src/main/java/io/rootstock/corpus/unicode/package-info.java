/**
 * Unicode repair of documents: mojibake, line breaks, control and zero-width characters, normalisation form C.
 *
 * <p>Each repair is conservative: a text that needs none is returned as it is, without a copy. Text is never transliterated
 * and no character is replaced by one that looks alike.
 */
package io.rootstock.corpus.unicode;
