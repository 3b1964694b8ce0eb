package io.rootstock.cli.completion;

/**
 * A possible word.
 *
 * @param value the word
 * @param description shown beside it by zsh and fish; may be empty
 */
record Candidate(String value, String description) {
    /** The shell completes names of files. */
    static final Candidate FILES = new Candidate(":files", "");

    /** As the scripts of the shells read it: the word and, after a tab, its description. */
    String line() {
        String text = description.replaceAll("\\s+", " ").strip();
        return text.isEmpty() ? value : value + "\t" + text;
    }
}
