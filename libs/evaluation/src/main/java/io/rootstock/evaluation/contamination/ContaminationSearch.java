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
    private final DocumentWindow words;
    private final DocumentWindow characters;
    private final boolean withWords;
    private final boolean withCharacters;
    private final BitSet found = new BitSet();
    private final Place[] places;
    private String shard = "";
    private long document;

    /** Begins a search; the index must not change any more. */
    public ContaminationSearch(ContaminationIndex index) {
        this.index = index;
        int[] wordSizes = index.sizes(TextUnit.WORD);
        int[] characterSizes = index.sizes(TextUnit.CHARACTER);
        this.words = new DocumentWindow(wordSizes);
        this.characters = new DocumentWindow(characterSizes);
        this.withWords = wordSizes.length > 0;
        this.withCharacters = characterSizes.length > 0;
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
        words.hashes().begin();
        characters.hashes().begin();
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
        if (withWords) {
            words.addWord(letters, length);
            find(words, TextUnit.WORD);
        }
        if (withCharacters) {
            for (int i = 0; i < length; ) {
                int codePoint = Character.codePointAt(letters, i, length);
                i += Character.charCount(codePoint);
                characters.addCharacter(codePoint);
                find(characters, TextUnit.CHARACTER);
            }
        }
    }

    private void find(DocumentWindow window, TextUnit unit) {
        RollingHashes hashes = window.hashes();
        for (int i = 0; i < hashes.lengths() && hashes.has(i); i++) {
            int ngram = index.table().first(hashes.hash(i));
            while (ngram >= 0) {
                if (!found.get(ngram)) {
                    verify(window, unit, hashes.size(i), ngram);
                }
                ngram = index.table().next(ngram);
            }
        }
    }

    private void verify(DocumentWindow window, TextUnit unit, int size, int ngram) {
        int number = index.rowOf(ngram);
        RowNgrams row = index.rows().get(number);
        int position = row.positions()[ngram - index.firstNgram(number)];
        if (row.unit() == unit && row.size() == size && window.endsWith(row, position)) {
            found.set(ngram);
            if (places[number] == null) {
                places[number] = new Place(shard, document);
            }
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
