package io.rootstock.bench.data.cleaning;

/** A corpus that is compared: one recipe over the same raw documents. */
enum Side {
    RAW("raw", " []"),

    /**
     * Steps and thresholds of the preset {@code fineweb-like}, with the lines of many documents removed and personal data of all
     * kinds masked.
     */
    CLEANED("cleaned", """

            - unicode-repair
            - language: {languages: [en], min_probability: 0.65}
            - gopher-repetition
            - gopher-quality
            - c4-quality: {require_terminal: false}
            - fineweb-quality
            - exact-duplicates
            - frequent-lines
            - near-duplicates: {bands: 14, rows: 8, ngram: 5}
            - pii-masking"""),

    /**
     * The same steps with the thresholds that removed most clean text in the first run relaxed: short and blank lines stay
     * (C4), and dialogues, whose punctuation counts as words (Gopher), and repeated names of speakers (Gopher, FineWeb). Chosen
     * by the removed bytes, before any model was trained on it.
     */
    ADAPTED("adapted", """

            - unicode-repair
            - language: {languages: [en], min_probability: 0.65}
            - gopher-repetition: {max_duplicate_lines: 0.5, max_duplicate_5_grams: 0.25}
            - gopher-quality: {min_alphabetic_words: 0.6}
            - c4-quality: {require_terminal: false, min_words_per_line: 0}
            - fineweb-quality: {max_duplicate_characters: 0.2, min_terminal_lines: 0.05}
            - exact-duplicates
            - frequent-lines
            - near-duplicates: {bands: 14, rows: 8, ngram: 5}
            - pii-masking""");

    private final String label;
    private final String steps;

    Side(String label, String steps) {
        this.label = label;
        this.steps = steps;
    }

    String label() {
        return label;
    }

    /** Steps of the recipe as YAML, after {@code steps:}. */
    String steps() {
        return steps;
    }
}
