package io.rootstock.corpus.engine.job;

/**
 * Removal of lines that occur in many documents: menus, notices, licences.
 *
 * @param mostDocuments a line in more documents is removed from all, at least 1
 */
public record RepeatedLines(int mostDocuments) {
    public RepeatedLines {
        if (mostDocuments < 1) {
            throw new IllegalArgumentException("mostDocuments is " + mostDocuments + "; use at least 1");
        }
    }
}
