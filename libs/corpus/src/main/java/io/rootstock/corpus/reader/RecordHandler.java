package io.rootstock.corpus.reader;

import io.rootstock.corpus.Document;

/** Receives the records of a unit in order. An exception from it ends the reading. */
public interface RecordHandler {
    /** Called for a readable document. */
    void document(Document document);

    /** Called for a record that cannot be read. */
    void refused(RefusedRecord record);
}
