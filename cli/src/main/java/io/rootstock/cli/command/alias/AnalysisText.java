package io.rootstock.cli.command.alias;

import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.CanaryAnalysis;
import io.rootstock.registry.v1.CanaryAnalysisState;
import io.rootstock.registry.v1.CanaryInterval;
import io.rootstock.registry.v1.CanarySideSummary;
import io.rootstock.registry.v1.CanaryVerdict;
import java.util.Locale;

/** Analyses of canaries as text. */
final class AnalysisText {
    private AnalysisText() {}

    /** Prints state, table of intervals and reason. */
    static void print(CanaryAnalysis analysis, Console console) {
        console.print(headline(analysis));
        Table table =
                new Table("interval", "until", "share", "version", "canary", "p90 first token", "agreement", "verdict");
        analysis.getIntervalsList().forEach(interval -> row(table, interval));
        if (analysis.getIntervalsCount() > 0) {
            table.print(console);
        }
        if (!analysis.getReason().isEmpty()) {
            console.print(analysis.getReason());
        }
    }

    /** {@code models/javadoc/aliases/production: canary javadoc:3 beside javadoc:2, step 2 of 3 (25 %), running}. */
    static String headline(CanaryAnalysis analysis) {
        return analysis.getAlias() + ": canary " + Names.brief(analysis.getCanaryVersion()) + " beside "
                + Names.brief(analysis.getVersion()) + ", step " + (analysis.getStep() + 1) + " of "
                + analysis.getSpec().getStepsCount() + " ("
                + analysis.getSpec().getSteps(analysis.getStep()) + " %), " + state(analysis.getState());
    }

    /** An interval in one line. */
    static String line(CanaryInterval interval) {
        return "interval " + interval.getNumber() + " (" + interval.getPercent() + " %): "
                + verdict(interval.getVerdict()) + ": " + interval.getSummary();
    }

    /** Whether the analysis has ended. */
    static boolean isEnded(CanaryAnalysis analysis) {
        return analysis.hasEndTime();
    }

    private static void row(Table table, CanaryInterval interval) {
        table.row(
                interval.getNumber(),
                Format.time(interval.getEndTime()),
                interval.getPercent() + " %",
                requests(interval.getMain()),
                requests(interval.getCanary()),
                String.format(
                        Locale.ROOT,
                        "%.3g / %.3g ms",
                        interval.getMain().getFirstTokenP90Milliseconds(),
                        interval.getCanary().getFirstTokenP90Milliseconds()),
                interval.getShadowAnswers() == 0
                        ? "-"
                        : String.format(
                                Locale.ROOT, "%.3f of %d", interval.getMeanAgreement(), interval.getShadowAnswers()),
                verdict(interval.getVerdict()));
    }

    private static String requests(CanarySideSummary side) {
        return side.getFailed() + " of " + side.getRequests() + " failed";
    }

    private static String verdict(CanaryVerdict verdict) {
        return switch (verdict) {
            case CANARY_VERDICT_WAITING -> "waiting";
            case CANARY_VERDICT_GOOD -> "good";
            case CANARY_VERDICT_UNCLEAR -> "unclear";
            case CANARY_VERDICT_BAD -> "bad";
            case CANARY_VERDICT_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    private static String state(CanaryAnalysisState state) {
        return switch (state) {
            case CANARY_ANALYSIS_STATE_RUNNING -> "running";
            case CANARY_ANALYSIS_STATE_PROMOTING -> "being promoted";
            case CANARY_ANALYSIS_STATE_PASSED -> "passed, the canary stays at this step";
            case CANARY_ANALYSIS_STATE_PROMOTED -> "promoted";
            case CANARY_ANALYSIS_STATE_ROLLED_BACK -> "rolled back";
            case CANARY_ANALYSIS_STATE_STOPPED -> "stopped by a user";
            case CANARY_ANALYSIS_STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }
}
