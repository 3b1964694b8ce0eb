/**
 * Splits text into words before merges are applied, with hand-written scanners for the GPT-2, cl100k and Llama-3
 * patterns.
 *
 * <p>A scanner gives exactly the matches of its published pattern (the tests compare with {@code java.util.regex}); no
 * regular expression runs here.
 */
package io.rootstock.tokenizer.pretokenizer;
