package io.rootstock.evaluation.contamination;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Streams documents against the rows of an index. A document may arrive in parts of any size; an n-gram never spans two
 * documents. Needs constant memory besides the index. Not safe for several threads.
 */
public final class ContaminationSearch {
    private final ContaminationIndex index;
    private final TextNormalizer normalizer = new TextNormalizer(this::word);
    private final NgramFinder finder;
    private final BitSet found = new BitSet();
    private final Place[] places;
    private String shard = "";
    private long document;

    /** Begins a search; the index must not change any more. */
    public ContaminationSearch(ContaminationIndex index) {
        this.index = index;
        this.finder = new NgramFinder(index, this::found);
        this.places = new Place[index.rows().size()];
    }

    /**
     * Begins a document.
     *
     * @param shard digest of its shard
     * @param document row of the shard
     */
    public void begin(String shard, long document) {
        this.shard = shard;
        this.document = document;
        finder.begin();
    }

    /** Adds {@code text[from]} to {@code text[to - 1]} to the document. */
    public void add(char[] text, int from, int to) {
        normalizer.add(text, from, to);
    }

    /** Ends the document. */
    public void end() {
        normalizer.end();
    }

    private void word(char[] letters, int length) {
        System.arraycopy(letters, 0, finder.next(), 0, length);
        finder.word(length, UnitHash.word(letters, length), 0, 0, false);
    }

    private void found(int row, int ngram, UnitWindow window) {
        found.set(ngram);
        if (places[row] == null) {
            places[row] = new Place(shard, document);
        }
    }

    /** Returns the rows of a task that were found, in order. */
    public List<RowMatch> matches(String task) {
        List<RowMatch> matches = new ArrayList<>();
        int number = 0;
        for (TaskTexts each : index.tasks()) {
            for (RowNgrams row : each.rows()) {
                if (!row.isChecked()) {
                    continue;
                }
                if (places[number] != null && each.task().equals(task)) {
                    int first = index.firstNgram(number);
                    int ngrams = row.positions().length;
                    matches.add(new RowMatch(row.row(), ngrams, found.get(first, first + ngrams), places[number]));
                }
                number++;
            }
        }
        return matches;
    }
}
