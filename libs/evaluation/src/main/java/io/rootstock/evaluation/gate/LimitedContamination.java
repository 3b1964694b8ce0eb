package io.rootstock.evaluation.gate;

import java.util.List;
import java.util.Locale;

/**
 * At most a share of a task's rows was found in the training data, and all training data that the registry knows was searched.
 *
 * @param maximumShare 0 to 1
 */
public record LimitedContamination(double maximumShare) {
    private static final int SHOWN = 3;

    public LimitedContamination {
        if (!(maximumShare >= 0 && maximumShare <= 1)) {
            throw new IllegalArgumentException("maximum_share: must be 0 to 1, was " + maximumShare);
        }
    }

    /**
     * Judges the rows of a task.
     *
     * @param checked rows that were searched for
     * @param flagged rows that were found
     * @param unchecked rows with too little text
     * @param missing known training data that was not searched, each with its reason; the gate fails
     * @param unknown versions whose training data was never known, each with its reason
     */
    public GateOutcome judge(long checked, long flagged, long unchecked, List<String> missing, List<String> unknown) {
        if (checked == 0) {
            return new GateOutcome(false, "no row has enough text of its own to be searched for");
        }
        double share = (double) flagged / checked;
        StringBuilder reason = new StringBuilder(String.format(
                Locale.ROOT,
                "%d of %d rows are in the training data (%.4f): at most %.4f is allowed",
                flagged,
                checked,
                share,
                maximumShare));
        if (unchecked > 0) {
            reason.append("; ").append(unchecked).append(" rows have too little text to be searched for");
        }
        reason.append(listed("; not searched: ", missing)).append(listed("; not known: ", unknown));
        return new GateOutcome(share <= maximumShare && missing.isEmpty(), reason.toString());
    }

    private static String listed(String title, List<String> entries) {
        return entries.isEmpty()
                ? ""
                : title
                        + String.join(", ", entries.subList(0, Math.min(SHOWN, entries.size())))
                        + (entries.size() > SHOWN ? " and " + (entries.size() - SHOWN) + " more" : "");
    }
}
