package io.rootstock.evaluation.comparison;

import io.rootstock.evaluation.metric.text.AnswerMatch;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.Rouge;
import io.rootstock.evaluation.metric.text.RougeVariant;
import io.rootstock.evaluation.metric.text.TextMetric;
import io.rootstock.evaluation.task.FilterPipeline;
import io.rootstock.evaluation.task.Metric;
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
     * Returns the value of a row, of which more is better: a log-probability in perplexities and bits per byte.
     *
     * @throws IllegalArgumentException if the record does not have it
     */
    public double value(ScoredRow row) {
        return switch (metric) {
            case BLEU -> SENTENCE_BLEU.score(prediction(row), row.references());
            case CHRF -> Chrf.DEFAULT.score(prediction(row), row.references());
            default -> score(row).value();
        };
    }

    /** Score of a row in a metric other than BLEU and chrF. */
    Score score(ScoredRow row) {
        return switch (metric) {
            case ROUGE_L ->
                new Score(ROUGE_L.score(prediction(row), row.references()).f1(), 1);
            case SQUAD_EM ->
                new Score(AnswerMatch.of(prediction(row), row.references()).exact(), 1);
            case SQUAD_F1 ->
                new Score(AnswerMatch.of(prediction(row), row.references()).f1(), 1);
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
    double[] statistics(TextMetric text, ScoredRow row) {
        return text.statistics(prediction(row), row.references());
    }

    /** Returns empty rows of this metric. */
    MetricRows rows() {
        return switch (metric) {
            case BLEU -> new StatisticRows(this, Bleu.DEFAULT);
            case CHRF -> new StatisticRows(this, Chrf.DEFAULT);
            default -> new ScoreRows(this);
        };
    }

    private String prediction(ScoredRow row) {
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
