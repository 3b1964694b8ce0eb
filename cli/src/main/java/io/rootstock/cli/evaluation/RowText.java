package io.rootstock.cli.evaluation;

import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.VisibleText;
import io.rootstock.evaluation.contamination.ContaminatedRow;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records of rows as lines: place of the prompt, result, gold answer, prediction and log-probabilities. */
public final class RowText {
    private static final int SHOWN_CHARACTERS = 200;
    private static final int SHOWN_CHOICES = 20;
    private static final int LOGPROB_DIGITS = 4;
    private static final double LN2 = Math.log(2);

    private RowText() {}

    /** The row's task, index, place and result, then its answer. */
    public static List<String> lines(RowRecord row) {
        List<String> lines = new ArrayList<>();
        lines.add(heading(row) + suffix(result(row)) + (row.nearTie() ? "  near tie" : ""));
        lines.addAll(answer(row));
        return lines;
    }

    /**
     * The row with the answers of two evaluations.
     *
     * @param firstName name of the first evaluation
     * @param secondName name of the second evaluation
     */
    public static List<String> lines(RowRecord first, String firstName, RowRecord second, String secondName) {
        List<String> lines = new ArrayList<>();
        lines.add(heading(first));
        lines.add("  " + firstName + suffix(result(first)));
        answer(first).forEach(line -> lines.add("  " + line));
        lines.add("  " + secondName + suffix(result(second)));
        answer(second).forEach(line -> lines.add("  " + line));
        return lines;
    }

    /** A row's place in training data, as a line. */
    public static String place(ContaminatedRow row) {
        return "  %s of its n-grams in the training data of %s: %s, shard %s, document %d"
                .formatted(
                        Format.percent(row.share()),
                        Names.brief(row.version()),
                        row.dataset(),
                        row.place().shard(),
                        row.place().document());
    }

    private static String heading(RowRecord row) {
        return "%s row %d  %s:%d"
                .formatted(VisibleText.of(row.task()), row.row(), VisibleText.of(row.file()), row.line());
    }

    private static String suffix(String result) {
        return result.isEmpty() ? "" : "  " + result;
    }

    /** Result under the row's first accuracy: {@code correct}, {@code wrong}, a share of ties; empty without one. */
    public static String result(RowRecord row) {
        for (Map.Entry<String, Score> score : row.scores().entrySet()) {
            if (Metric.ofRecord(score.getKey()).isAccuracy()) {
                double value = score.getValue().value();
                return value == 1 ? "correct" : value == 0 ? "wrong" : "tie, counts " + Format.fixed(value, 2);
            }
        }
        return row.expected() instanceof Expected.Choice ? row.correct() ? "correct" : "wrong" : "";
    }

    private static List<String> answer(RowRecord row) {
        List<String> lines = new ArrayList<>();
        switch (row.expected()) {
            case Expected.Choice choice -> choices(choice, row, lines);
            case Expected.Continuation _ -> {
                Response.Loglikelihood response =
                        (Response.Loglikelihood) row.responses().getFirst();
                lines.add("  %s  %s, %s"
                        .formatted(
                                logprob(response.logprob()),
                                Format.counted(response.tokens(), "token"),
                                response.greedy() ? "each the most probable" : "not each the most probable"));
            }
            case Expected.Document document -> {
                double logprob = ((Response.Rolling) row.responses().getFirst()).logprob();
                lines.add("  %s  %s, %s, %s bits per byte"
                        .formatted(
                                logprob(logprob),
                                Format.counted(document.bytes(), "byte"),
                                Format.counted(document.words(), "word"),
                                document.bytes() == 0
                                        ? "-"
                                        : Format.fixed(-logprob / LN2 / document.bytes(), LOGPROB_DIGITS)));
            }
            case Expected.References references -> {
                references.references().forEach(text -> lines.add("  gold        " + shown(text)));
                row.predictions()
                        .forEach((pipeline, text) -> lines.add("  prediction  " + shown(text)
                                + (row.predictions().size() == 1 ? "" : "  (" + VisibleText.of(pipeline) + ")")));
            }
        }
        return lines;
    }

    private static void choices(Expected.Choice expected, RowRecord row, List<String> lines) {
        List<String> choices = expected.choices();
        for (int i = 0; i < choices.size(); i++) {
            boolean gold = expected.gold().contains(i);
            boolean predicted = row.prediction().isPresent() && row.prediction().getAsInt() == i;
            if (i >= SHOWN_CHOICES && !gold && !predicted) {
                continue;
            }
            String mark = gold && predicted ? "  gold, prediction" : gold ? "  gold" : predicted ? "  prediction" : "";
            lines.add("  " + logprob(((Response.Loglikelihood) row.responses().get(i)).logprob()) + "  "
                    + shown(choices.get(i)) + mark);
        }
        if (choices.size() > SHOWN_CHOICES) {
            lines.add("  (" + choices.size() + " choices; --json prints all)");
        }
    }

    /** Sum of log-probabilities, in nats. */
    private static String logprob(double value) {
        return Double.isInfinite(value) ? "-inf" : Format.fixed(value, LOGPROB_DIGITS);
    }

    /** The beginning of a text in quotes. */
    private static String shown(String text) {
        boolean whole = text.codePointCount(0, text.length()) <= SHOWN_CHARACTERS;
        return "'"
                + VisibleText.of(whole ? text : text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS)) + "…")
                + "'";
    }
}
