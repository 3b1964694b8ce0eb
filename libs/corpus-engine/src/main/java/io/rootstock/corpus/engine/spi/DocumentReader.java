package io.rootstock.corpus.engine.spi;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.WorkUnit;
import java.io.IOException;

/** Reads the documents of units. Thread-safe; equal units give equal documents. */
public interface DocumentReader {
    /** Version of the reader; changes whenever some unit gives other documents. */
    int version();

    /**
     * Reads all records of a unit in order, in memory bounded by the longest record.
     *
     * @param unit unit whose {@link WorkUnit#source()} describes its place
     * @param sink receives the records; an exception from it ends the reading
     */
    ReadSummary read(WorkUnit unit, RecordSink sink) throws IOException;

    /** Receives the records of a unit in order. */
    interface RecordSink {
        /** Called for a readable document. */
        void document(Document document);

        /** Called for a record that cannot be read. */
        void refused(RefusedDocument refused);
    }
}
