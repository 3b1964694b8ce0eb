package io.rootstock.bench.emergence;

/**
 * Rows of an evaluation.
 *
 * @param heldOut documents of bits per byte
 * @param sequences sequences of the induction tasks
 * @param pairs BLiMP pairs of each paradigm
 * @param sentiment sentences of SST-2
 * @param abilities rows of translation, summarisation and question answering each
 */
record RowCounts(int heldOut, int sequences, int pairs, int sentiment, int abilities) {
    static final RowCounts ALL = new RowCounts(200, 60, 100, 1821, 240);
    static final RowCounts QUICK = new RowCounts(40, 20, 10, 400, 40);
}
