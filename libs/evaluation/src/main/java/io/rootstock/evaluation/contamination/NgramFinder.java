package io.rootstock.evaluation.contamination;

/** Finds the n-grams of an index that end at the last unit of a document. Not safe for several threads. */
final class NgramFinder {
    private final ContaminationIndex index;
    private final Hits hits;
    private final WordWindow words;
    private final CharacterWindow characters;
    private final NgramTable[] wordTables;
    private final NgramTable[] characterTables;

    /** Receives verified n-grams. */
    @FunctionalInterface
    interface Hits {
        /**
         * Receives an n-gram that ends at the last unit of a window.
         *
         * @param row index of its row in the index
         * @param ngram its number in the index
         */
        void found(int row, int ngram, UnitWindow window);
    }

    NgramFinder(ContaminationIndex index, Hits hits) {
        this.index = index;
        this.hits = hits;
        this.words = new WordWindow(index.anchors(TextUnit.WORD));
        this.characters = new CharacterWindow(index.anchors(TextUnit.CHARACTER));
        this.wordTables = index.tables(TextUnit.WORD);
        this.characterTables = index.tables(TextUnit.CHARACTER);
    }

    /** Begins a document. */
    void begin() {
        words.begin();
        characters.begin();
    }

    /** Space for the letters of the next word. */
    char[] next() {
        return words.next();
    }

    /**
     * Adds the word whose letters are in {@link #next}.
     *
     * @param length number of its letters
     * @param hash its {@link UnitHash#word}
     * @param from first position of the word
     * @param to position after the word
     * @param exact whether the word's characters have these positions one after the other in UTF-8; otherwise all of them have the
     *     span of the word
     */
    void word(int length, long hash, long from, long to, boolean exact) {
        char[] letters = words.next();
        if (characterTables.length > 0) {
            characters(letters, length, from, to, exact);
        }
        if (wordTables.length > 0) {
            words.add(length, hash, from, to);
            find(words, wordTables, TextUnit.WORD);
        }
    }

    private void characters(char[] letters, int length, long from, long to, boolean exact) {
        if (exact && characters.isSkipping() && to - from == length) {
            characters.skip(letters, length, from);
            return;
        }
        long first = from;
        for (int i = 0; i < length; ) {
            int codePoint = Character.codePointAt(letters, i, length);
            i += Character.charCount(codePoint);
            long end = exact ? first + utf8Length(codePoint) : to;
            if (characters.add(codePoint, first, end)) {
                find(characters, characterTables, TextUnit.CHARACTER);
            }
            first = exact ? end : from;
        }
    }

    private static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    private void find(UnitWindow window, NgramTable[] tables, TextUnit unit) {
        RollingHashes hashes = window.hashes();
        for (int i = 0; i < tables.length && hashes.has(i); i++) {
            int entry = tables[i].first(hashes.hash(i));
            if (entry >= 0) {
                verify(window, tables[i], entry, unit);
            }
        }
    }

    /** Compares the n-grams that may have an anchor with the units of the window. */
    private void verify(UnitWindow window, NgramTable table, int first, TextUnit unit) {
        int hashed = 0;
        long hash = 0;
        for (int entry = first; entry >= 0; entry = table.next(entry)) {
            int size = table.size(entry);
            if (size > window.count()) {
                continue;
            }
            if (size != hashed) {
                hashed = size;
                hash = window.hashes().hashOf(size);
            }
            if (table.canHave(entry, hash)) {
                int ngram = table.number(entry);
                int number = index.rowOf(ngram);
                RowNgrams row = index.rows().get(number);
                int position = row.positions()[ngram - index.firstNgram(number)];
                if (row.unit() == unit && row.size() == size && window.endsWith(row, position)) {
                    hits.found(number, ngram, window);
                }
            }
        }
    }
}
