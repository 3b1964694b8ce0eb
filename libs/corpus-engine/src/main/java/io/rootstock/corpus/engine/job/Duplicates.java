package io.rootstock.corpus.engine.job;

import java.util.Optional;

/**
 * Duplicates that a job removes, in this order.
 *
 * @param urls documents with the normalised address of an earlier one
 * @param contents documents with the text of an earlier one
 * @param lines lines that occur in many documents
 * @param near documents similar to an earlier one
 */
public record Duplicates(boolean urls, boolean contents, Optional<RepeatedLines> lines, Optional<NearDuplicates> near) {
    /** Leaves duplicates of all kinds in the corpus. */
    public static final Duplicates KEPT = new Duplicates(false, false, Optional.empty(), Optional.empty());

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
}
