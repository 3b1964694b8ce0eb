package io.rootstock.evaluation.contamination;

/** The last units of a document: rolling hashes, and the texts that verify them. Not safe for several threads. */
final class DocumentWindow {
    private static final int MASK = RollingHashes.SLOTS - 1;

    private final RollingHashes hashes;
    /** Text of each unit by its number modulo the number of slots. */
    private final char[][] texts = new char[RollingHashes.SLOTS][TextNormalizer.LONGEST_WORD];

    private final int[] lengths = new int[RollingHashes.SLOTS];

    /**
     * @param sizes lengths of the n-grams
     */
    DocumentWindow(int... sizes) {
        hashes = new RollingHashes(sizes);
    }

    RollingHashes hashes() {
        return hashes;
    }

    void addWord(char[] letters, int length) {
        int slot = (int) hashes.count() & MASK;
        System.arraycopy(letters, 0, texts[slot], 0, length);
        lengths[slot] = length;
        hashes.add(UnitHash.word(letters, length));
    }

    void addCharacter(int codePoint) {
        int slot = (int) hashes.count() & MASK;
        lengths[slot] = Character.toChars(codePoint, texts[slot], 0);
        hashes.add(UnitHash.character(codePoint));
    }

    /**
     * Whether the last units are equal to those of a row.
     *
     * @param position unit of the row at which its n-gram begins
     */
    boolean endsWith(RowNgrams row, int position) {
        String text = row.text();
        int at = switch (row.unit()) {
            case WORD -> wordStart(text, position);
            case CHARACTER -> text.offsetByCodePoints(0, position);
        };
        int gap = switch (row.unit()) {
            case WORD -> 1;
            case CHARACTER -> 0;
        };
        for (int unit = 0; unit < row.size(); unit++) {
            int slot = (int) (hashes.count() - row.size() + unit) & MASK;
            int end = at + lengths[slot];
            if (end > text.length()) {
                return false;
            }
            for (int i = 0; i < lengths[slot]; i++) {
                if (text.charAt(at + i) != texts[slot][i]) {
                    return false;
                }
            }
            if (gap == 1 && end < text.length() && text.charAt(end) != ' ') {
                return false;
            }
            at = end + gap;
        }
        return true;
    }

    private static int wordStart(String text, int word) {
        int at = 0;
        for (int i = 0; i < word; i++) {
            at = text.indexOf(' ', at) + 1;
        }
        return at;
    }
}
