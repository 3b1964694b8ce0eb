package io.rootstock.bench.style;

/**
 * A line that breaks a rule.
 *
 * @param file path below the project's root
 * @param line from 1
 * @param text the words or the reason
 */
record Place(String file, long line, String text) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + text;
    }
}
