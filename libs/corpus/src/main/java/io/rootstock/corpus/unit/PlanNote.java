package io.rootstock.corpus.unit;

/**
 * A fact about an input that the user should know before the job runs.
 *
 * @param file name of the file
 * @param note the fact, such as "is one unit of 9000000000 bytes, because a gzip file cannot be cut"
 */
public record PlanNote(String file, String note) {}
