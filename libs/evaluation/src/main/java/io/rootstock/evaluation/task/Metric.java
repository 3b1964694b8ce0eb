package io.rootstock.evaluation.task;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Metrics that a task file can name. Names, aggregations and directions are lm-evaluation-harness' where it has them. */
public enum Metric {
    ACC("acc", "mean", true, OutputType.MULTIPLE_CHOICE),
    ACC_NORM("acc_norm", "mean", true, OutputType.MULTIPLE_CHOICE),
    ACC_BYTES("acc_bytes", "mean", true, OutputType.MULTIPLE_CHOICE),
    ACC_MUTUAL_INFO("acc_mutual_info", "mean", true, OutputType.MULTIPLE_CHOICE),
    /** Accuracy by the mean log-probability of a choice's tokens, as DCLM and nanochat; Rootstock's name. */
    ACC_TOKENS("acc_tokens", "mean", true, OutputType.MULTIPLE_CHOICE),
    /** Mean F1 of the classes, from the most probable choice of each row; Rootstock's name. */
    MACRO_F1("macro_f1", "macro_f1", true, OutputType.MULTIPLE_CHOICE),
    /** Matthews correlation of the most probable choice and the gold answer. */
    MCC("mcc", "matthews_corrcoef", true, OutputType.MULTIPLE_CHOICE),
    /** Squared error of the probabilities of all choices. */
    BRIER_SCORE("brier_score", "brier_score", false, OutputType.MULTIPLE_CHOICE),
    /** Expected calibration error of the most probable choice; Rootstock's name. */
    ECE("ece", "ece", false, OutputType.MULTIPLE_CHOICE),
    /** Area under the ROC curve of the probability of the positive class; Rootstock's name. */
    AUC("auc", "auc", true, OutputType.MULTIPLE_CHOICE),
    EXACT_MATCH("exact_match", "mean", true, OutputType.GENERATE_UNTIL),
    PERPLEXITY("perplexity", "perplexity", false, OutputType.LOGLIKELIHOOD),
    WORD_PERPLEXITY("word_perplexity", "weighted_perplexity", false, OutputType.LOGLIKELIHOOD_ROLLING),
    BYTE_PERPLEXITY("byte_perplexity", "weighted_perplexity", false, OutputType.LOGLIKELIHOOD_ROLLING),
    BITS_PER_BYTE("bits_per_byte", "bits_per_byte", false, OutputType.LOGLIKELIHOOD_ROLLING),
    /** Computed over all rows of a task from references and predictions. */
    BLEU("bleu", "bleu", true, OutputType.GENERATE_UNTIL),
    /** Computed over all rows of a task from references and predictions. */
    CHRF("chrf", "chrf", true, OutputType.GENERATE_UNTIL),
    /** Computed from references and predictions; Rootstock's name. */
    ROUGE_L("rouge_l", "mean", true, OutputType.GENERATE_UNTIL),
    /** SQuAD's exact match, computed from references and predictions; Rootstock's name. */
    SQUAD_EM("squad_em", "mean", true, OutputType.GENERATE_UNTIL),
    /** SQuAD's F1 of words, computed from references and predictions; Rootstock's name. */
    SQUAD_F1("squad_f1", "mean", true, OutputType.GENERATE_UNTIL),
    /** Share of texts that end by an end-of-text token or a stop sequence; Rootstock's name. */
    ENDS_BY_ITSELF("ends_by_itself", "mean", true, OutputType.GENERATE_UNTIL),
    /** Share of texts that begin with a refusal; Rootstock's name. */
    REFUSAL("refusal", "mean", false, OutputType.GENERATE_UNTIL);

    private static final Set<Metric> TEXT_METRICS = EnumSet.of(BLEU, CHRF, ROUGE_L, SQUAD_EM, SQUAD_F1);
    private static final Set<Metric> ACCURACIES =
            EnumSet.of(ACC, ACC_NORM, ACC_BYTES, ACC_MUTUAL_INFO, ACC_TOKENS, EXACT_MATCH);
    private static final Set<Metric> CLASS_METRICS = EnumSet.of(MACRO_F1, MCC, ECE, AUC);

    private final String key;
    private final String aggregation;
    private final boolean higherIsBetter;
    private final OutputType type;

    Metric(String key, String aggregation, boolean higherIsBetter, OutputType type) {
        this.key = key;
        this.aggregation = aggregation;
        this.higherIsBetter = higherIsBetter;
        this.type = type;
    }

    /** Name in task files. */
    public String key() {
        return key;
    }

    /** Name of the only aggregation over rows that the metric has. */
    public String aggregation() {
        return aggregation;
    }

    public boolean higherIsBetter() {
        return higherIsBetter;
    }

    /** Whether a task of this type can have the metric. */
    public boolean supports(OutputType other) {
        return type == other || (this == ACC && other == OutputType.LOGLIKELIHOOD);
    }

    /** Whether the value is computed from the references and predictions of the records, not here. */
    public boolean isTextMetric() {
        return TEXT_METRICS.contains(this);
    }

    /** Whether the score of a row says that its answer is correct: 1, 0, or a share where choices are equal. */
    public boolean isAccuracy() {
        return ACCURACIES.contains(this);
    }

    /** Whether the value is computed from the probabilities of the choices in the records, not from scores of rows. */
    public boolean isClassMetric() {
        return CLASS_METRICS.contains(this);
    }

    /** Returns the metric of a name in task files; empty if there is none. */
    public static Optional<Metric> of(String key) {
        return Arrays.stream(values()).filter(metric -> metric.key.equals(key)).findFirst();
    }

    /**
     * Returns the metric of a name in row records, {@code METRIC} or {@code METRIC,PIPELINE}.
     *
     * @throws IllegalArgumentException if the metric does not exist
     */
    public static Metric ofRecord(String name) {
        int comma = name.indexOf(',');
        return of(comma < 0 ? name : name.substring(0, comma))
                .orElseThrow(() -> new IllegalArgumentException("unknown metric " + name));
    }

    /**
     * Computes the value of a task: means of accuracies; perplexity exp(-mean); bits per byte -mean / ln 2.
     *
     * @param mean sum of the scores of the rows, divided by the sum of their weights
     */
    public double aggregate(double mean) {
        return switch (aggregation) {
            case "perplexity", "weighted_perplexity" -> Math.exp(-mean);
            case "bits_per_byte" -> -mean / Math.log(2);
            default -> mean;
        };
    }

    /** Whether the score of a row is a log-probability, of which more is better, as in perplexities and bits per byte. */
    public boolean scoresLogprobs() {
        return this == PERPLEXITY || this == WORD_PERPLEXITY || this == BYTE_PERPLEXITY || this == BITS_PER_BYTE;
    }

    /** Metrics of a task without {@code metric_list}, as in lm-evaluation-harness' registry. */
    public static List<Metric> defaults(OutputType type) {
        return switch (type) {
            case LOGLIKELIHOOD -> List.of(PERPLEXITY, ACC);
            case LOGLIKELIHOOD_ROLLING -> List.of(WORD_PERPLEXITY, BYTE_PERPLEXITY, BITS_PER_BYTE);
            case MULTIPLE_CHOICE -> List.of(ACC, ACC_NORM);
            case GENERATE_UNTIL -> List.of(EXACT_MATCH);
        };
    }
}
