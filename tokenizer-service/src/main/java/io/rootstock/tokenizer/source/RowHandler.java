package io.rootstock.tokenizer.source;

/** Takes the rows of a file in order. What it throws ends the reading. */
public interface RowHandler {
    /** A readable row. */
    void row(Row row);

    /** A row that cannot be read. */
    void refused(long line, String reason);
}
