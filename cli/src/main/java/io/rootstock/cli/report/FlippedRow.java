package io.rootstock.cli.report;

import io.rootstock.cli.display.Format;
import io.rootstock.cli.evaluation.RowText;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import java.util.List;

/**
 * A row whose first score differs between two evaluations.
 *
 * @param first record of the baseline
 * @param second record of the other evaluation
 */
public record FlippedRow(RowRecord first, RowRecord second) {
    private static final int SHOWN_CHARACTERS = 500;
    private static final int LOGPROB_DIGITS = 4;

    /** Task, place, gold answer, and both answers. */
    List<String> cells() {
        return List.of(
                first.task(),
                "row " + first.row() + ", " + first.file() + ":" + first.line(),
                gold(first),
                answer(first),
                answer(second));
    }

    private static String gold(RowRecord row) {
        return switch (row.expected()) {
            case Expected.Choice choice ->
                shown(String.join(
                        "\n", choice.gold().stream().map(choice.choices()::get).toList()));
            case Expected.References(List<String> references) -> shown(String.join("\n", references));
            case Expected.Continuation _ -> "the continuation";
            case Expected.Document _ -> "the document";
        };
    }

    private static String answer(RowRecord row) {
        String result = RowText.result(row);
        String heading = result.isEmpty() ? "" : result + "\n";
        return heading
                + switch (row.expected()) {
                    case Expected.Choice choice -> choice(choice, row);
                    case Expected.References _ ->
                        shown(String.join("\n", row.predictions().values()));
                    case Expected.Continuation _, Expected.Document _ -> logprob(row, 0);
                };
    }

    private static String choice(Expected.Choice expected, RowRecord row) {
        int predicted = row.prediction().orElse(0);
        int gold = expected.gold().getFirst();
        String text = shown(expected.choices().get(predicted)) + "\n" + logprob(row, predicted);
        return predicted == gold ? text : text + "; gold " + logprob(row, gold);
    }

    private static String logprob(RowRecord row, int response) {
        double value = switch (row.responses().get(response)) {
            case Response.Loglikelihood(double logprob, boolean _, int _) -> logprob;
            case Response.Rolling(double logprob) -> logprob;
            case Response.Generated _ -> Double.NaN;
        };
        return "log-probability " + (Double.isInfinite(value) ? "-inf" : Format.fixed(value, LOGPROB_DIGITS));
    }

    private static String shown(String text) {
        if (text.length() <= SHOWN_CHARACTERS) {
            return text;
        }
        int end =
                Character.isHighSurrogate(text.charAt(SHOWN_CHARACTERS - 1)) ? SHOWN_CHARACTERS - 1 : SHOWN_CHARACTERS;
        return text.substring(0, end) + "… (" + text.length() + " characters)";
    }
}
