package io.rootstock.evaluator.run;

import io.grpc.Context;
import io.rootstock.evaluation.task.request.ChatGenerateRequest;
import io.rootstock.evaluation.task.request.ChatLoglikelihoodRequest;
import io.rootstock.evaluation.task.request.ClassifyRequest;
import io.rootstock.evaluation.task.request.GenerateRequest;
import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.Request;
import io.rootstock.evaluation.task.request.RollingRequest;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowScorer;
import io.rootstock.evaluator.cache.TaskCache;
import io.rootstock.evaluator.metrics.EvaluatorMetrics;
import io.rootstock.evaluator.scoring.RowRequests;
import io.rootstock.evaluator.suite.EvaluatedTask;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Scores the rows of a task, several at a time, and delivers their records in row order. Responses are cached as soon as
 * they arrive.
 */
final class TaskRows {
    private final EvaluatedTask task;
    private final RowRequests requests;
    private final TaskCache cache;
    private final EvaluatorMetrics metrics;
    private final String requestId;
    private final RowScorer scorer;

    /**
     * @param requestId beginning of the ids of calls
     */
    TaskRows(EvaluatedTask task, RowRequests requests, TaskCache cache, EvaluatorMetrics metrics, String requestId) {
        this.task = task;
        this.requests = requests;
        this.cache = cache;
        this.metrics = metrics;
        this.requestId = requestId;
        this.scorer = task.scorer();
    }

    @FunctionalInterface
    interface Sink {
        void add(RowRecord row) throws IOException;
    }

    private record Pending(RenderedRow row, Future<List<Response>> responses) {}

    /**
     * Scores all rows.
     *
     * @param window maximum number of rows in flight
     * @param scope ends the calls in progress when it is cancelled
     */
    void score(int window, Context.CancellableContext scope, Sink sink) throws IOException, InterruptedException {
        Iterator<RenderedRow> rows = task.rows();
        Deque<Pending> pending = new ArrayDeque<>();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            while (rows.hasNext() || !pending.isEmpty()) {
                if (rows.hasNext() && pending.size() < window) {
                    RenderedRow row = rows.next();
                    Callable<List<Response>> responses = scope.wrap(() -> responses(row));
                    pending.add(new Pending(row, threads.submit(responses)));
                } else {
                    Pending first = pending.remove();
                    sink.add(scorer.score(first.row(), get(first.responses())));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Response> responses(RenderedRow row) throws IOException, InterruptedException {
        String hash = row.requestHash();
        String key = task.form() + ":" + hash;
        Optional<List<Response>> cached = cache.find(key).filter(responses -> fits(row, responses));
        if (cached.isPresent()) {
            metrics.rowCached();
            return cached.get();
        }
        List<Response> responses =
                requests.responses(task.name(), row, task.form(), requestId + "-" + hash.substring(0, 16));
        cache.put(key, responses);
        metrics.rowScored();
        return responses;
    }

    /** Whether stored responses are of the row's requests and state what the scores need; a damaged entry is not. */
    private boolean fits(RenderedRow row, List<Response> responses) {
        List<Request> requests = row.requests();
        boolean fits = responses.size() == requests.size();
        for (int i = 0; fits && i < responses.size(); i++) {
            Response response = responses.get(i);
            fits = switch (requests.get(i)) {
                case LoglikelihoodRequest _, ChatLoglikelihoodRequest _, ClassifyRequest _ ->
                    response instanceof Response.Loglikelihood;
                case RollingRequest _ -> response instanceof Response.Rolling;
                case GenerateRequest _, ChatGenerateRequest _ ->
                    response instanceof Response.Generated generated
                            && (generated.ending() != Response.Ending.UNKNOWN || !scorer.needsEnding());
            };
        }
        return fits;
    }

    private static List<Response> get(Future<List<Response>> responses) throws IOException, InterruptedException {
        try {
            return responses.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case InterruptedException _ -> throw new InterruptedException();
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case Throwable failure -> throw new IllegalStateException(failure);
            }
        }
    }
}
