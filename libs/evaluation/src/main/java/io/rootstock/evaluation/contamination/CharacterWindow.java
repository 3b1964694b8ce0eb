package io.rootstock.evaluation.contamination;

/**
 * The last characters of a document, without spaces. N-grams of characters are not ASCII throughout, so that hashes are not computed
 * inside of a long stretch of ASCII, such as an English text.
 */
final class CharacterWindow implements UnitWindow {
    private static final int MASK = RollingHashes.SLOTS - 1;
    private static final int ASCII = 0x80;

    private final RollingHashes hashes;
    private final int[] codePoints = new int[RollingHashes.SLOTS];
    private final long[] from = new long[RollingHashes.SLOTS];
    private long to;
    private long count;
    /** Number of ASCII characters since the last other one. */
    private int ascii;

    private boolean skipping;

    /**
     * @param anchors lengths of the anchors
     */
    CharacterWindow(int... anchors) {
        hashes = new RollingHashes(anchors);
    }

    @Override
    public RollingHashes hashes() {
        return hashes;
    }

    @Override
    public void begin() {
        hashes.begin();
        count = 0;
        ascii = 0;
        skipping = false;
    }

    @Override
    public long count() {
        return count;
    }

    /** Adds a character; returns whether an n-gram can end at it. */
    boolean add(int codePoint, long first, long end) {
        int slot = (int) count & MASK;
        codePoints[slot] = codePoint;
        from[slot] = first;
        to = end;
        if (codePoint < ASCII) {
            ascii++;
            if (ascii >= RollingHashes.SLOTS) {
                skipping = true;
                count++;
                return false;
            }
        } else {
            ascii = 0;
            if (skipping) {
                resume();
            }
        }
        count++;
        hashes.add(UnitHash.character(codePoint));
        return true;
    }

    /** Whether the last characters are a long stretch of ASCII. */
    boolean isSkipping() {
        return skipping;
    }

    /** Adds ASCII characters while {@link #isSkipping}. */
    void skip(char[] letters, int length, long first) {
        for (int i = 0; i < length; i++) {
            int slot = (int) (count + i) & MASK;
            codePoints[slot] = letters[i];
            from[slot] = first + i;
        }
        to = first + length;
        count += length;
    }

    /** Adds the hashes of the characters before the current one that an n-gram can include. */
    private void resume() {
        skipping = false;
        hashes.begin();
        for (long unit = count - MASK; unit < count; unit++) {
            hashes.add(UnitHash.character(codePoints[(int) unit & MASK]));
        }
    }

    @Override
    public boolean endsWith(RowNgrams row, int position) {
        String text = row.text();
        int at = text.offsetByCodePoints(0, position);
        for (int unit = 0; unit < row.size(); unit++) {
            int codePoint = text.codePointAt(at);
            if (codePoint != codePoints[(int) (count - row.size() + unit) & MASK]) {
                return false;
            }
            at += Character.charCount(codePoint);
        }
        return true;
    }

    @Override
    public long from(int size) {
        return from[(int) (count - size) & MASK];
    }

    @Override
    public long to() {
        return to;
    }
}
