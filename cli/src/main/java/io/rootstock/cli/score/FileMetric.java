package io.rootstock.cli.score;

import io.rootstock.evaluation.metric.text.AnswerMatch;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.Rouge;
import io.rootstock.evaluation.metric.text.RougeVariant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Metrics of files, by the names of the command line. */
public enum FileMetric {
    /** chrF2 of the corpus, 0 to 100. */
    CHRF("chrf"),
    /** BLEU of the corpus, 0 to 100. */
    BLEU("bleu"),
    /** Mean F1 of longest common subsequences, 0 to 1. */
    ROUGE_L("rouge-l"),
    /** SQuAD's exact match, 0 to 1. */
    EM("em"),
    /** SQuAD's F1 of words, 0 to 1. */
    F1("f1"),
    /** Share of outputs that equal a reference, character by character. */
    ACCURACY("accuracy"),
    /** Mean of the classes' F1, 0 to 1. */
    MACRO_F1("macro-f1");

    private final String label;

    FileMetric(String label) {
        this.label = label;
    }

    /** Name in options and tables. */
    public String label() {
        return label;
    }

    /** Returns an empty collection of rows for the metric. */
    MetricRows rows() {
        return switch (this) {
            case CHRF -> new MetricRows.Texts(Chrf.DEFAULT);
            case BLEU -> new MetricRows.Texts(Bleu.DEFAULT);
            case ROUGE_L -> {
                Rouge rouge = new Rouge(new RougeVariant.LongestSubsequence(), false);
                yield new MetricRows.Means(
                        row -> rouge.score(row.prediction(), row.references()).f1(), "rougeL:f1|stem:no");
            }
            case EM ->
                new MetricRows.Means(
                        row -> AnswerMatch.of(row.prediction(), row.references())
                                .exact(),
                        "squad:2.0");
            case F1 ->
                new MetricRows.Means(
                        row -> AnswerMatch.of(row.prediction(), row.references())
                                .f1(),
                        "squad:2.0");
            case ACCURACY ->
                new MetricRows.Means(row -> row.references().contains(row.prediction()) ? 1 : 0, "norm:none");
            case MACRO_F1 -> new MetricRows.Labels();
        };
    }

    /** Parses a name. */
    public static final class Converter implements ITypeConverter<FileMetric> {
        @Override
        public FileMetric convert(String value) {
            List<FileMetric> all = Arrays.asList(values());
            return all.stream()
                    .filter(metric -> metric.label.equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("unknown metric '" + value + "'; known metrics: "
                            + all.stream().map(FileMetric::label).collect(Collectors.joining(", "))));
        }
    }
}
