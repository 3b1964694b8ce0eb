package io.rootstock.cli.evaluation;

import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.job.v1.JobState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** State, version, suite, settings and results of an evaluation. */
public final class EvaluationDetails {
    /** Setting that is an option without a value. */
    public static final String CHECK_CONTAMINATION = "check-contamination";

    private EvaluationDetails() {}

    /** Prints all values by name, except empty ones, and the results. */
    public static void print(Console console, Evaluation evaluation) {
        of(evaluation).print(console);
        if (evaluation.getResultsCount() > 0) {
            console.print("");
            ResultTable.printTables(console, evaluation);
        }
    }

    private static Details of(Evaluation evaluation) {
        Details details = new Details()
                .add("evaluation", evaluation.getName())
                .add("state", Labels.state(evaluation.getState(), evaluation.getMessage()))
                .add("version", Names.brief(evaluation.getResolved().getVersion()))
                .add("suite", suite(evaluation))
                .add(
                        "file",
                        evaluation.getResolved().hasArtifact()
                                ? Labels.file(evaluation
                                                .getResolved()
                                                .getArtifact()
                                                .getKind())
                                        + "  "
                                        + evaluation.getResolved().getArtifact().getDigest()
                                : "")
                .add("engine", evaluation.getEngine());
        details.add("prompts", PromptFormats.of(evaluation));
        settings(evaluation.getSpec()).forEach(details::add);
        if (evaluation.hasProgress() && evaluation.getResultsCount() == 0) {
            details.add("progress", ProgressText.line(evaluation.getProgress()));
        }
        return details.add("rows", evaluation.hasRows() ? evaluation.getRows().getDigest() : "")
                .add("created", Format.time(evaluation.getCreateTime()))
                .add("updated", Format.time(evaluation.getUpdateTime()));
    }

    /** Whether all rows are scored. */
    public static boolean isSucceeded(Evaluation evaluation) {
        return evaluation.getState() == JobState.JOB_STATE_SUCCEEDED;
    }

    /** Revision of the suite, {@code base/revisions/2}. */
    public static String suite(Evaluation evaluation) {
        String name = evaluation.getResolved().getSuiteRevision();
        return name.startsWith("suites/") ? name.substring("suites/".length()) : name;
    }

    /** Settings that differ from the defaults, by the names of the command line. */
    public static Map<String, String> settings(EvaluationSpec spec) {
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        if (spec.getTasksCount() > 0) {
            settings.put("tasks", String.join(",", spec.getTasksList()));
        }
        if (spec.getLimit() > 0) {
            settings.put("limit", Integer.toString(spec.getLimit()));
        }
        if (spec.hasShots()) {
            settings.put("shots", Integer.toString(spec.getShots()));
        }
        if (spec.hasSeed()) {
            settings.put("seed", Long.toString(spec.getSeed()));
        }
        if (spec.getCheckContamination()) {
            settings.put(CHECK_CONTAMINATION, "true");
        }
        return settings;
    }
}
