package io.rootstock.corpus.source;

/**
 * A rejected row.
 *
 * @param file name of the file
 * @param line line number, from 1
 * @param reason reason and remedy
 */
public record RefusedRow(String file, long line, String reason) {}
