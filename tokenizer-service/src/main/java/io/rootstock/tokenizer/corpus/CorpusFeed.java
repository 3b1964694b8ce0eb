package io.rootstock.tokenizer.corpus;

import io.rootstock.tokenizer.catalogue.CatalogueDatabase;
import io.rootstock.tokenizer.v1.CorpusEvent;
import java.util.List;

/** The events of one corpus for one watcher, after a given sequence number, until its job ends. */
public final class CorpusFeed {
    private static final int BATCH = 200;

    private final CatalogueDatabase database;
    private final String corpus;
    private long sequence;

    CorpusFeed(CatalogueDatabase database, String corpus, long afterSequence) {
        this.database = database;
        this.corpus = corpus;
        this.sequence = afterSequence;
    }

    /**
     * A batch of events.
     *
     * @param events oldest first; empty if no new event is stored
     * @param over whether the job has ended and these are its last events
     */
    public record Batch(List<CorpusEvent> events, boolean over) {}

    /** Returns the next events since the last call; NOT_FOUND if the corpus does not exist. */
    public Batch next() {
        return database.run(connection -> {
            CorpusRow row =
                    CorpusTable.find(connection, corpus).orElseThrow(() -> Corpora.notFound(Corpora.name(corpus)));
            List<CorpusEvent> events = CorpusEvents.after(connection, corpus, sequence, BATCH);
            if (!events.isEmpty()) {
                sequence = events.getLast().getSequence();
            }
            return new Batch(events, Corpora.hasEnded(row.corpus().getState()) && events.size() < BATCH);
        });
    }
}
