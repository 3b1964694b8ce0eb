package io.rootstock.cli.report;

import io.rootstock.cli.client.Names;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.PromptFormats;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.trainer.v1.GgufFile;

/** The command that runs an evaluation again. */
final class Reproduction {
    private Reproduction() {}

    /** Returns the command with version, suite revision, settings and file pinned. */
    static String command(Evaluation evaluation) {
        StringBuilder command = new StringBuilder("rootstock eval run ")
                .append(Names.brief(evaluation.getResolved().getVersion()))
                .append(" --suite ")
                .append(EvaluationDetails.suite(evaluation));
        EvaluationDetails.settings(evaluation.getSpec())
                .forEach((name, value) -> command.append(" --")
                        .append(name)
                        .append(name.equals(EvaluationDetails.CHECK_CONTAMINATION) ? "" : " " + quoted(value)));
        if (PromptFormats.isChat(evaluation.getSpec().getPromptFormat())) {
            command.append(" --chat");
        }
        GgufFile.of(evaluation.getResolved().getArtifact().getKind())
                .ifPresent(file -> command.append(" --quantization ").append(file.label()));
        return command.toString();
    }

    /** A word for a shell. */
    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_.,:/@-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
