package io.rootstock.evaluation.contamination;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Searches single documents for the rows of an index. Needs constant memory for a document without any. Not safe for several threads. */
public final class DocumentSearch {
    private final ContaminationIndex index;
    private final NgramFinder finder;
    private final Utf8Words words;
    /** N-grams of rows in the current document, by the index of the row. */
    private final SortedMap<Integer, FoundRow> rows = new TreeMap<>();

    /** Creates a search; the index must not change any more. */
    public DocumentSearch(ContaminationIndex index) {
        this.index = index;
        this.finder = new NgramFinder(index, this::found);
        this.words = new Utf8Words(new Utf8Words.Words() {
            @Override
            public char[] next() {
                return finder.next();
            }

            @Override
            public void word(int length, long hash, long from, long to, boolean exact) {
                finder.word(length, hash, from, to, exact);
            }
        });
    }

    /** N-grams of a row in the current document. */
    private static final class FoundRow {
        private final BitSet ngrams = new BitSet();
        private final List<RowInDocument.Place> places = new ArrayList<>();

        void add(int ngram, int from, int to) {
            ngrams.set(ngram);
            int last = places.size() - 1;
            if (last >= 0 && from <= places.get(last).to()) {
                RowInDocument.Place place = places.get(last);
                places.set(last, new RowInDocument.Place(Math.min(place.from(), from), Math.max(place.to(), to)));
            } else {
                places.add(new RowInDocument.Place(from, to));
            }
        }
    }

    /**
     * Searches a document.
     *
     * @param utf8 valid UTF-8
     * @return rows of which the document has n-grams, in the order of the index
     */
    public List<RowInDocument> search(byte[] utf8) {
        rows.clear();
        finder.begin();
        words.scan(utf8);
        if (rows.isEmpty()) {
            return List.of();
        }
        List<RowInDocument> found = new ArrayList<>();
        rows.forEach((number, row) -> {
            RowNgrams ngrams = index.rows().get(number);
            found.add(new RowInDocument(
                    index.taskOf(number),
                    ngrams.row(),
                    ngrams.positions().length,
                    row.ngrams.cardinality(),
                    row.places));
        });
        return found;
    }

    private void found(int row, int ngram, UnitWindow window) {
        int size = index.rows().get(row).size();
        rows.computeIfAbsent(row, _ -> new FoundRow())
                .add(ngram - index.firstNgram(row), (int) window.from(size), (int) window.to());
    }
}
