package io.rootstock.evaluation.contamination;

/** The words at the end of a document that is read. */
final class WordWindow implements UnitWindow {
    private static final int MASK = RollingHashes.SLOTS - 1;

    private final RollingHashes hashes;
    /** Letters of each word by its number modulo the number of slots. */
    private final char[][] letters = new char[RollingHashes.SLOTS][TextNormalizer.MAX_WORD_LENGTH];

    private final int[] lengths = new int[RollingHashes.SLOTS];
    private final long[] from = new long[RollingHashes.SLOTS];
    private long to;

    /**
     * @param anchors lengths of the anchors
     */
    WordWindow(int... anchors) {
        hashes = new RollingHashes(anchors);
    }

    @Override
    public RollingHashes hashes() {
        return hashes;
    }

    @Override
    public void begin() {
        hashes.begin();
    }

    @Override
    public long count() {
        return hashes.count();
    }

    /** Space for the letters of the next word, which {@link #add} completes. */
    char[] next() {
        return letters[(int) hashes.count() & MASK];
    }

    /**
     * Adds the word whose letters are in {@link #next}.
     *
     * @param length number of its letters
     * @param hash its {@link UnitHash#word}
     */
    void add(int length, long hash, long first, long end) {
        int slot = (int) hashes.count() & MASK;
        lengths[slot] = length;
        from[slot] = first;
        to = end;
        hashes.add(hash);
    }

    @Override
    public boolean endsWith(RowNgrams row, int position) {
        String text = row.text();
        int at = start(text, position);
        for (int unit = 0; unit < row.size(); unit++) {
            int slot = (int) (hashes.count() - row.size() + unit) & MASK;
            int end = at + lengths[slot];
            if (end > text.length() || (end < text.length() && text.charAt(end) != ' ')) {
                return false;
            }
            char[] word = letters[slot];
            for (int i = at; i < end; i++) {
                if (text.charAt(i) != word[i - at]) {
                    return false;
                }
            }
            at = end + 1;
        }
        return true;
    }

    private static int start(String text, int word) {
        int at = 0;
        for (int i = 0; i < word; i++) {
            at = text.indexOf(' ', at) + 1;
        }
        return at;
    }

    @Override
    public long from(int size) {
        return from[(int) (hashes.count() - size) & MASK];
    }

    @Override
    public long to() {
        return to;
    }
}
