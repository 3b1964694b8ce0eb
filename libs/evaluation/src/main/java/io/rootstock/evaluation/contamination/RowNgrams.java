package io.rootstock.evaluation.contamination;

/**
 * N-grams of a row.
 *
 * @param row index of the row in its split
 * @param unit unit of the n-grams
 * @param size units of an n-gram; 0 if the row is too short
 * @param text normalized text of its own: words separated by spaces, or characters without spaces
 * @param positions unit at which each n-gram begins, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; millions of n-grams
record RowNgrams(int row, TextUnit unit, int size, String text, int[] positions) {
    /** Whether the row can be searched for. */
    boolean isChecked() {
        return positions.length > 0;
    }

    /** Adds the units of a normalized text to rolling hashes, and calls {@code each} after every unit. */
    static void units(TextUnit unit, String text, RollingHashes hashes, Runnable each) {
        hashes.begin();
        switch (unit) {
            case WORD -> {
                char[] letters = text.toCharArray();
                char[] word = new char[TextNormalizer.MAX_WORD_LENGTH];
                int length = 0;
                for (int i = 0; i <= letters.length; i++) {
                    if (i < letters.length && letters[i] != ' ') {
                        word[length++] = letters[i];
                    } else if (length > 0) {
                        hashes.add(UnitHash.word(word, length));
                        each.run();
                        length = 0;
                    }
                }
            }
            case CHARACTER ->
                text.codePoints().forEach(codePoint -> {
                    hashes.add(UnitHash.character(codePoint));
                    each.run();
                });
        }
    }
}
