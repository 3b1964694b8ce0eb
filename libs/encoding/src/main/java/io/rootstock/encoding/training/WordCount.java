package io.rootstock.encoding.training;

/**
 * A word and its number of occurrences.
 *
 * @param word UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WordCount(byte[] word, long count) {}
