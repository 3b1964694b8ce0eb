package io.rootstock.tokenizer.source;

/**
 * A row that was not taken.
 *
 * @param file name of the file
 * @param line from 1
 * @param reason why, and how to mend it
 */
public record RefusedRow(String file, long line, String reason) {}
