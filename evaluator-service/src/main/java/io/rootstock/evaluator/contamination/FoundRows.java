package io.rootstock.evaluator.contamination;

import io.rootstock.evaluation.contamination.RowMatch;
import java.util.List;

/**
 * Result of the search of a dataset for the rows of a task.
 *
 * @param documents number of documents that were searched
 * @param tokens number of their tokens
 * @param rows rows that were found
 */
record FoundRows(long documents, long tokens, List<RowMatch> rows) {
    FoundRows {
        rows = List.copyOf(rows);
    }
}
