package io.rootstock.encoding.bpe;

/**
 * One learned merge.
 *
 * @param left id of the left token
 * @param right id of the right token
 * @param result id of the merged token; several merges may have one result
 */
public record Merge(int left, int right, int result) {}
