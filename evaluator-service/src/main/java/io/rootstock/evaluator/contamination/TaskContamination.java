package io.rootstock.evaluator.contamination;

import io.rootstock.evaluation.contamination.ContaminatedRow;
import io.rootstock.evaluation.v1.Contamination;
import io.rootstock.evaluation.v1.SearchedData;
import io.rootstock.evaluation.v1.UnsearchedData;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Contamination of a task.
 *
 * @param checked rows that were searched for
 * @param unchecked rows with too little text of their own
 * @param flagged rows that were found, by index
 * @param searched training data that was searched
 * @param unsearched training data that was not searched
 */
public record TaskContamination(
        int checked,
        int unchecked,
        Map<Integer, ContaminatedRow> flagged,
        List<SearchedData> searched,
        List<UnsearchedData> unsearched) {
    public TaskContamination {
        flagged = Map.copyOf(flagged);
        searched = List.copyOf(searched);
        unsearched = List.copyOf(unsearched);
    }

    /** Returns where a row was found; empty if it was not. */
    public Optional<ContaminatedRow> of(int row) {
        return Optional.ofNullable(flagged.get(row));
    }

    /** Returns the counts and the training data, without metrics. */
    public Contamination.Builder message() {
        return Contamination.newBuilder()
                .setCheckedRows(checked)
                .setFlaggedRows(flagged.size())
                .setUncheckedRows(unchecked)
                .addAllSearched(searched)
                .addAllUnsearched(unsearched);
    }
}
