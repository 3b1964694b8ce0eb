package io.rootstock.corpus.source;

/** Receives the rows of a file in order. An exception from it ends the reading. */
public interface RowHandler {
    /** Called for a readable row. */
    void row(Row row);

    /** Called for an unreadable row. */
    void refused(long line, String reason);
}
