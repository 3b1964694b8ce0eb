package io.rootstock.cli.evaluation;

import io.rootstock.cli.display.Format;
import io.rootstock.evaluation.v1.EvaluationProgress;

/** Progress of an evaluation as text. */
public final class ProgressText {
    private ProgressText() {}

    /** Rows, rate, remaining time, task and its running metric in one line; or the search of training data. */
    public static String line(EvaluationProgress now) {
        if (now.hasSearch()) {
            return "searched %s of %s  %s/s  ETA %s  %s"
                    .formatted(
                            Format.bytes(now.getSearch().getBytesRead()),
                            Format.bytes(now.getSearch().getTotalBytes()),
                            Format.bytes(now.getSearch().getBytesPerSecond()),
                            now.getRemainingSeconds() < 0 ? "?" : Format.duration(now.getRemainingSeconds()),
                            now.getSearch().getDataset());
        }
        return "%,d/%,d rows  %s rows/s  ETA %s  %s%s"
                .formatted(
                        now.getRows(),
                        now.getTotalRows(),
                        Format.count(now.getRowsPerSecond()),
                        now.getRemainingSeconds() < 0 ? "?" : Format.duration(now.getRemainingSeconds()),
                        now.getTask(),
                        now.hasRunning() ? " " + ResultTable.line(now.getRunning()) : "");
    }

    /** Share of the rows that are scored; {@code -} before the first progress. */
    public static String percent(EvaluationProgress now) {
        return now.getTotalRows() == 0 ? "-" : Format.percent((double) now.getRows() / now.getTotalRows());
    }
}
