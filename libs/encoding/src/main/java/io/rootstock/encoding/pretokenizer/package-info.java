/**
 * Splits UTF-8 text into words before merges are applied, with hand-written scanners for the patterns of GPT-2, cl100k,
 * Llama 3, Qwen2, SmolLM, tekken and o200k.
 *
 * <p>A scanner returns exactly the matches of its published pattern (tests compare with {@code java.util.regex}),
 * without regular expressions at run time.
 */
package io.rootstock.encoding.pretokenizer;
