package io.rootstock.tokenizer.bpe;

/**
 * One learned merge.
 *
 * @param left id of the left token
 * @param right id of the right token
 * @param result id of the token they become; several merges may have the same result
 */
public record Merge(int left, int right, int result) {}
