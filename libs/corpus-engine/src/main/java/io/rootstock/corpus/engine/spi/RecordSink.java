package io.rootstock.corpus.engine.spi;

import io.rootstock.corpus.Document;

/** Receives the records of a unit in order. */
public interface RecordSink {
    /** Called for a readable document. */
    void document(Document document);

    /** Called for a record that cannot be read. */
    void refused(RefusedDocument refused);
}
