package io.rootstock.tokenizer.corpus;

import io.rootstock.tokenizer.v1.Corpus;

/**
 * A row of {@code tokenizer.corpus}.
 *
 * @param corpus the corpus with its etag
 * @param fingerprint digest of the request that created it
 * @param lease number of the last lease
 * @param lostLeases processes that ended while they ran it, since it was queued
 */
record CorpusRow(String id, Corpus corpus, String fingerprint, long lease, int lostLeases) {
    String name() {
        return corpus.getName();
    }
}
