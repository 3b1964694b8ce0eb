package io.rootstock.evaluation.result;

import io.rootstock.evaluation.metric.text.AnswerMatch;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.Rouge;
import io.rootstock.evaluation.metric.text.RougeVariant;
import io.rootstock.evaluation.task.FilterPipeline;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.MetricSetting;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.ClassPrediction;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * Sums up the row records of one task. Accuracies and other means have the standard error of a mean; perplexities, bits
 * per byte, BLEU, chrF and metrics of classes the error of a bootstrap. Holds a few numbers of each row and metric.
 */
public final class TaskSummary {
    private static final Rouge ROUGE_L = new Rouge(new RougeVariant.LongestSubsequence(), false);

    private final List<Column> columns;
    private final OptionalDouble baseline;
    private final String baselineVersion;
    private final Optional<String> positiveClass;
    private int rows;
    private int nearTies;
    private double chanceSum;
    private int choiceRows;

    /** A metric under a filter pipeline. */
    private record Column(MetricSetting setting, String pipeline, MetricRows rows) {
        String name() {
            return pipeline.equals(FilterPipeline.NONE.name())
                    ? setting.metric().key()
                    : setting.metric().key() + "," + pipeline;
        }
    }

    private TaskSummary(
            List<MetricSetting> metrics,
            List<FilterPipeline> pipelines,
            OptionalDouble baseline,
            String baselineVersion,
            Optional<String> positiveClass) {
        this.baseline = baseline;
        this.baselineVersion = baselineVersion;
        this.positiveClass = positiveClass;
        List<Column> all = new ArrayList<>();
        for (MetricSetting setting : metrics) {
            for (FilterPipeline pipeline : pipelines) {
                all.add(new Column(setting, pipeline.name(), rows(setting.metric())));
            }
        }
        columns = List.copyOf(all);
    }

    /** Returns an empty summary of a task file. */
    public static TaskSummary of(Task task) {
        return new TaskSummary(
                task.metrics(),
                task.generation().isPresent() ? task.filters() : List.of(FilterPipeline.NONE),
                OptionalDouble.empty(),
                "",
                task.classes().positive());
    }

    /** Returns an empty summary of a CORE task; chance is its baseline, if it has one. */
    public static TaskSummary of(CoreTask task) {
        return new TaskSummary(
                task.metrics(),
                List.of(FilterPipeline.NONE),
                task.baseline().isPresent()
                        ? OptionalDouble.of(task.baseline().get().percent() / 100)
                        : OptionalDouble.empty(),
                task.baseline().map(table -> "|baseline:" + table.version()).orElse(""),
                Optional.empty());
    }

    private static MetricRows rows(Metric metric) {
        DoubleUnaryOperator perplexity = mean -> Math.exp(-mean);
        DoubleUnaryOperator bits = mean -> -mean / Math.log(2);
        return switch (metric) {
            case ACC,
                    ACC_NORM,
                    ACC_BYTES,
                    ACC_MUTUAL_INFO,
                    ACC_TOKENS,
                    EXACT_MATCH,
                    ROUGE_L,
                    SQUAD_EM,
                    SQUAD_F1,
                    ENDS_BY_ITSELF,
                    REFUSAL -> new MetricRows.Mean(1);
            case BRIER_SCORE -> new MetricRows.Mean(2);
            case MACRO_F1, MCC, ECE, AUC -> new MetricRows.Classes(metric);
            case PERPLEXITY, WORD_PERPLEXITY, BYTE_PERPLEXITY -> new MetricRows.Ratio(perplexity);
            case BITS_PER_BYTE -> new MetricRows.Ratio(bits);
            case BLEU -> new MetricRows.Corpus(Bleu.DEFAULT);
            case CHRF -> new MetricRows.Corpus(Chrf.DEFAULT);
        };
    }

    /**
     * Adds a record of the task.
     *
     * @throws IllegalArgumentException if the record has no score of a metric of the task, or a text is too long for one
     */
    public void add(RowRecord row) {
        for (Column column : columns) {
            switch (column.rows()) {
                case MetricRows.Mean mean -> mean.add(mean(column, row));
                case MetricRows.Ratio ratio -> {
                    Score score = score(column, row);
                    ratio.add(score.value(), score.weight());
                }
                case MetricRows.Corpus corpus -> corpus.add(prediction(column, row), references(row));
                case MetricRows.Classes classes -> classes.add(prediction(row));
            }
        }
        rows++;
        nearTies += row.nearTie() ? 1 : 0;
        if (row.expected() instanceof Expected.Choice choice) {
            choiceRows++;
            chanceSum += (double) choice.gold().stream().distinct().count()
                    / choice.choices().size();
        }
    }

    private static double mean(Column column, RowRecord row) {
        return switch (column.setting().metric()) {
            case ROUGE_L ->
                ROUGE_L.score(prediction(column, row), references(row)).f1();
            case SQUAD_EM ->
                AnswerMatch.of(prediction(column, row), references(row)).exact();
            case SQUAD_F1 ->
                AnswerMatch.of(prediction(column, row), references(row)).f1();
            case ACC,
                    ACC_NORM,
                    ACC_BYTES,
                    ACC_MUTUAL_INFO,
                    ACC_TOKENS,
                    MACRO_F1,
                    MCC,
                    BRIER_SCORE,
                    ECE,
                    AUC,
                    EXACT_MATCH,
                    PERPLEXITY,
                    WORD_PERPLEXITY,
                    BYTE_PERPLEXITY,
                    BITS_PER_BYTE,
                    BLEU,
                    CHRF,
                    ENDS_BY_ITSELF,
                    REFUSAL -> score(column, row).value();
        };
    }

    private static Score score(Column column, RowRecord row) {
        Score score = row.scores().get(column.name());
        if (score == null) {
            throw new IllegalArgumentException("the record of row " + row.row() + " has no score of " + column.name());
        }
        return score;
    }

    private static String prediction(Column column, RowRecord row) {
        String prediction = row.predictions().get(column.pipeline());
        if (prediction == null) {
            throw new IllegalArgumentException(
                    "the record of row " + row.row() + " has no prediction of the filter " + column.pipeline());
        }
        return prediction;
    }

    private static ClassPrediction prediction(RowRecord row) {
        if (row.expected() instanceof Expected.Choice choice) {
            return ClassPrediction.of(choice, row.responses());
        }
        throw new IllegalArgumentException("the record of row " + row.row() + " has no choices");
    }

    private static List<String> references(RowRecord row) {
        return switch (row.expected()) {
            case Expected.References(List<String> references) -> references;
            case Expected.Choice _, Expected.Continuation _, Expected.Document _ ->
                throw new IllegalArgumentException("the record of row " + row.row() + " has no references");
        };
    }

    /** Number of records. */
    public int rows() {
        return rows;
    }

    /** Number of records whose prediction the order of floating-point operations can change. */
    public int nearTies() {
        return nearTies;
    }

    /**
     * Returns the first metric over the records so far, in time proportional to them; its error is approximate, or
     * unknown for BLEU and chrF. Empty without records.
     */
    public Optional<MetricValue> running() {
        if (rows == 0) {
            return Optional.empty();
        }
        Column first = columns.getFirst();
        return Optional.of(value(first, first.rows().quickMeasure()));
    }

    /** Returns every metric, in the task's order; the first one judges the task. */
    public List<MetricValue> metrics() {
        return columns.stream()
                .map(column -> value(column, column.rows().measure()))
                .toList();
    }

    private MetricValue value(Column column, MetricRows.Measure error) {
        Metric metric = column.setting().metric();
        return new MetricValue(
                column.name(),
                error.value(),
                error.standardError(),
                error.interval(),
                chance(metric),
                metric.higherIsBetter(),
                signature(column) + baselineVersion);
    }

    private String signature(Column column) {
        return switch (column.rows()) {
            case MetricRows.Corpus corpus -> corpus.signature();
            case MetricRows.Mean _, MetricRows.Ratio _, MetricRows.Classes _ ->
                Signatures.of(column.setting(), rows > 0 && choiceRows == 0, positiveClass);
        };
    }

    /** Of accuracies the baseline, or the mean over rows of the share of correct choices. */
    private OptionalDouble chance(Metric metric) {
        if (metric == Metric.AUC) {
            return OptionalDouble.of(0.5);
        }
        if (metric == Metric.MCC) {
            return OptionalDouble.of(0);
        }
        if (!metric.isAccuracy() || metric == Metric.EXACT_MATCH) {
            return OptionalDouble.empty();
        }
        if (baseline.isPresent()) {
            return baseline;
        }
        return choiceRows == 0 ? OptionalDouble.empty() : OptionalDouble.of(chanceSum / choiceRows);
    }
}
