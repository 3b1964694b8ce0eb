package io.rootstock.evaluation.comparison;

import io.rootstock.evaluation.metric.text.AnswerMatch;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.Rouge;
import io.rootstock.evaluation.metric.text.RougeVariant;
import io.rootstock.evaluation.metric.text.TextMetric;
import io.rootstock.evaluation.task.FilterPipeline;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.score.ClassPrediction;
import io.rootstock.evaluation.task.score.PredictedClasses;
import io.rootstock.evaluation.task.score.Score;

/**
 * A metric of row records.
 *
 * @param name METRIC, or METRIC,PIPELINE
 * @param metric metric without the pipeline
 */
public record RecordMetric(String name, Metric metric) {
    private static final Bleu SENTENCE_BLEU = Bleu.DEFAULT.withEffectiveOrder(true);
    private static final Rouge ROUGE_L = new Rouge(new RougeVariant.LongestSubsequence(), false);

    /**
     * Returns the metric of a name.
     *
     * @throws IllegalArgumentException if the metric does not exist
     */
    public static RecordMetric of(String name) {
        return new RecordMetric(name, Metric.ofRecord(name));
    }

    /**
     * Returns the value of a row: a log-probability in perplexities and bits per byte, the share that is correct in metrics
     * of classes.
     *
     * @throws IllegalArgumentException if the record does not have it
     */
    public double value(ScoredRow row) {
        return switch (metric) {
            case BLEU -> SENTENCE_BLEU.score(text(row), row.references());
            case CHRF -> Chrf.DEFAULT.score(text(row), row.references());
            case MACRO_F1, MCC, ECE, AUC -> {
                PredictedClasses single = new PredictedClasses();
                single.add(prediction(row));
                yield single.value(metric, 0);
            }
            default -> score(row).value();
        };
    }

    /** Predicted class of a row with choices. */
    ClassPrediction prediction(ScoredRow row) {
        return row.prediction().orElseThrow(() -> missing(row, "choices with log-probabilities"));
    }

    /** Score of a row in a metric other than BLEU, chrF and metrics of classes. */
    Score score(ScoredRow row) {
        return switch (metric) {
            case ROUGE_L -> new Score(ROUGE_L.score(text(row), row.references()).f1(), 1);
            case SQUAD_EM ->
                new Score(AnswerMatch.of(text(row), row.references()).exact(), 1);
            case SQUAD_F1 ->
                new Score(AnswerMatch.of(text(row), row.references()).f1(), 1);
            default -> {
                Score score = row.scores().get(name);
                if (score == null) {
                    throw missing(row, "score of " + name);
                }
                yield score;
            }
        };
    }

    /** Statistics of a row in BLEU or chrF. */
    double[] statistics(TextMetric textMetric, ScoredRow row) {
        return textMetric.statistics(text(row), row.references());
    }

    /** Returns empty rows of this metric. */
    MetricRows rows() {
        return switch (metric) {
            case BLEU -> new StatisticRows(this, Bleu.DEFAULT);
            case CHRF -> new StatisticRows(this, Chrf.DEFAULT);
            case MACRO_F1, MCC, ECE, AUC -> new ClassMetricRows(this);
            default -> new ScoreRows(this);
        };
    }

    private String text(ScoredRow row) {
        int comma = name.indexOf(',');
        String pipeline = comma < 0 ? FilterPipeline.NONE.name() : name.substring(comma + 1);
        String prediction = row.predictions().get(pipeline);
        if (prediction == null || row.references().isEmpty()) {
            throw missing(row, "prediction of the filter " + pipeline + ", or no reference");
        }
        return prediction;
    }

    private static IllegalArgumentException missing(ScoredRow row, String missing) {
        return new IllegalArgumentException(
                "the record of row " + row.row() + " of task " + row.task() + " has no " + missing);
    }
}
