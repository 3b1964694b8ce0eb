package io.rootstock.evaluation.contamination;

/**
 * The last units of a document: rolling hashes of the anchors, the texts that verify n-grams, and their spans. A span is a range
 * of positions that contains the unit; its meaning is the caller's. Not safe for several threads.
 */
sealed interface UnitWindow permits WordWindow, CharacterWindow {
    /** Rolling hashes of the anchors that end at the last unit. */
    RollingHashes hashes();

    /** Begins a document. */
    void begin();

    /** Number of units since the beginning of the document. */
    long count();

    /** Whether the last units equal an n-gram of a row that begins at one of its units. */
    boolean endsWith(RowNgrams row, int position);

    /** First position of an n-gram that ends at the last unit. */
    long from(int size);

    /** Position after the last unit. */
    long to();
}
