package io.rootstock.evaluation.task.score;

import io.rootstock.evaluation.task.FilterPipeline;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.MetricSetting;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.request.RenderedRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Scores the responses of a task's rows. */
public final class RowScorer {
    private final String task;
    private final List<MetricSetting> metrics;
    private final List<TextFilters> filters;
    private final Map<Metric, ExactMatch> exactMatch = new EnumMap<>(Metric.class);

    private RowScorer(String task, List<MetricSetting> metrics, List<FilterPipeline> filters) {
        this.task = task;
        this.metrics = metrics;
        this.filters = filters.stream().map(TextFilters::new).toList();
        for (MetricSetting setting : metrics) {
            if (setting.metric() == Metric.EXACT_MATCH) {
                exactMatch.put(setting.metric(), new ExactMatch(setting));
            }
        }
    }

    /** Returns the scorer of a task file. */
    public static RowScorer of(Task task) {
        return new RowScorer(task.name(), task.metrics(), task.filters());
    }

    /** Returns the scorer of a CORE task. */
    public static RowScorer of(CoreTask task) {
        return new RowScorer(task.label(), task.metrics(), List.of(FilterPipeline.NONE));
    }

    /**
     * Scores a row.
     *
     * @param row the rendered row
     * @param responses one response per request, in their order
     * @throws IllegalArgumentException if number or kind of the responses does not fit the requests
     */
    public RowRecord score(RenderedRow row, List<Response> responses) {
        if (responses.size() != row.requests().size()) {
            throw new IllegalArgumentException("row " + row.row().place() + " has "
                    + row.requests().size() + " requests, but " + responses.size() + " responses");
        }
        return scored(
                row.row().index(), row.row().file(), row.row().line(), row.requestHash(), row.expected(), responses);
    }

    /**
     * Scores the responses of a record again, by this task's metrics and filters.
     *
     * @throws IllegalArgumentException if the record is of another task or output type
     */
    public RowRecord rescore(RowRecord stored) {
        if (!stored.task().equals(task)) {
            throw new IllegalArgumentException("the record is of task " + stored.task() + ", not " + task);
        }
        return scored(
                stored.row(),
                stored.file(),
                stored.line(),
                stored.requestHash(),
                stored.expected(),
                stored.responses());
    }

    private RowRecord scored(
            int row, String file, long line, String hash, Expected expected, List<Response> responses) {
        Map<String, Score> scores = new LinkedHashMap<>();
        Map<String, String> predictions = new LinkedHashMap<>();
        OptionalInt prediction = OptionalInt.empty();
        boolean nearTie = false;
        switch (expected) {
            case Expected.Choice choice -> {
                ChoiceScores choices = choiceScores(choice, responses);
                for (MetricSetting setting : metrics) {
                    Metric metric = setting.metric();
                    if (metric.isAccuracy()) {
                        scores.put(metric.key(), Score.of(choices.accuracy(metric)));
                    } else if (metric == Metric.BRIER_SCORE) {
                        scores.put(
                                metric.key(),
                                Score.of(ClassPrediction.of(choice, responses).squaredError()));
                    }
                }
                Metric first = metrics.getFirst().metric();
                prediction = OptionalInt.of(choices.prediction(first.isAccuracy() ? first : Metric.ACC));
                nearTie = choices.nearTie();
            }
            case Expected.Continuation _ -> continuation(single(responses, Response.Loglikelihood.class), scores);
            case Expected.Document document -> document(document, single(responses, Response.Rolling.class), scores);
            case Expected.References(List<String> references) -> {
                Response.Generated response = single(responses, Response.Generated.class);
                for (TextFilters filter : filters) {
                    String filtered = filter.apply(response.text());
                    predictions.put(filter.name(), filtered);
                    exactMatch.forEach((metric, match) ->
                            scores.put(name(metric, filter.name()), Score.of(match.score(filtered, references))));
                    metrics.forEach(setting -> behaviour(setting.metric(), response)
                            .ifPresent(score -> scores.put(name(setting.metric(), filter.name()), score)));
                }
            }
        }
        boolean correct = scores.entrySet().stream()
                .filter(entry -> Metric.ofRecord(entry.getKey()).isAccuracy())
                .findFirst()
                .map(entry -> entry.getValue().value() == 1)
                .orElse(expected instanceof Expected.Choice choice
                        && choice.gold().contains(prediction.orElseThrow()));
        return new RowRecord(
                task, row, file, line, hash, expected, responses, prediction, predictions, scores, correct, nearTie);
    }

    /** Whether a response has the property that a metric counts; empty for metrics that compare texts. */
    private static Optional<Score> behaviour(Metric metric, Response.Generated response) {
        return switch (metric) {
            case ENDS_BY_ITSELF -> {
                if (response.ending() == Response.Ending.UNKNOWN) {
                    throw new IllegalArgumentException(
                            "the response does not say whether the text ends by itself, which metric ends_by_itself"
                                    + " needs; evaluate again");
                }
                yield Optional.of(Score.of(response.ending() == Response.Ending.BY_ITSELF ? 1 : 0));
            }
            case REFUSAL -> Optional.of(Score.of(Refusals.isRefusal(response.text()) ? 1 : 0));
            default -> Optional.empty();
        };
    }

    /** Whether the scores of a row need to know why its text ended. */
    public boolean needsEnding() {
        return metrics.stream().anyMatch(setting -> setting.metric() == Metric.ENDS_BY_ITSELF);
    }

    private ChoiceScores choiceScores(Expected.Choice choice, List<Response> responses) {
        boolean mutualInfo = metrics.stream().anyMatch(setting -> setting.metric() == Metric.ACC_MUTUAL_INFO);
        int choices = choice.choices().size();
        if (responses.size() < (mutualInfo ? 2 * choices : choices)) {
            throw new IllegalArgumentException(responses.size() + " responses for " + choices + " choices"
                    + (mutualInfo ? "; acc_mutual_info needs two per choice" : ""));
        }
        List<Response.Loglikelihood> loglikelihoods = new ArrayList<>();
        responses.forEach(response -> loglikelihoods.add(typed(response, Response.Loglikelihood.class)));
        return new ChoiceScores(choice, loglikelihoods);
    }

    private void continuation(Response.Loglikelihood response, Map<String, Score> scores) {
        for (MetricSetting setting : metrics) {
            scores.put(
                    setting.metric().key(),
                    Score.of(setting.metric() == Metric.ACC ? (response.greedy() ? 1 : 0) : response.logprob()));
        }
    }

    private void document(Expected.Document document, Response.Rolling response, Map<String, Score> scores) {
        for (MetricSetting setting : metrics) {
            long weight = setting.metric() == Metric.WORD_PERPLEXITY ? document.words() : document.bytes();
            scores.put(setting.metric().key(), new Score(response.logprob(), weight));
        }
    }

    private static String name(Metric metric, String pipeline) {
        return pipeline.equals(FilterPipeline.NONE.name()) ? metric.key() : metric.key() + "," + pipeline;
    }

    private static <T extends Response> T single(List<Response> responses, Class<T> type) {
        if (responses.size() != 1) {
            throw new IllegalArgumentException("the row needs 1 response, not " + responses.size());
        }
        return typed(responses.getFirst(), type);
    }

    private static <T extends Response> T typed(Response response, Class<T> type) {
        if (!type.isInstance(response)) {
            throw new IllegalArgumentException(
                    "the row needs a response of type " + type.getSimpleName() + ", not " + response);
        }
        return type.cast(response);
    }
}
