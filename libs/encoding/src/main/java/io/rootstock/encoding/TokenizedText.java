package io.rootstock.encoding;

/**
 * Tokens of a text with their positions: token {@code i} covers characters of {@code [starts[i], ends[i])}. A character
 * that is split across tokens is in the range of each of them.
 *
 * @param tokens token ids [n]
 * @param starts index of the first {@code char} of each token [n]
 * @param ends index after the last {@code char} of each token [n]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenizedText(int[] tokens, int[] starts, int[] ends) {}
