package io.rootstock.cli.prediction;

import io.rootstock.cli.error.CliException;
import io.rootstock.tokenizer.v1.SourceRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Sends rows with a bounded number of concurrent requests; the predictions keep the order of the rows. */
public final class PredictionRun {
    /** Requests that may wait for an earlier one, times the concurrent requests. */
    private static final int WINDOW = 4;

    private final Predictor predictor;
    private final int concurrency;

    /** @param concurrency maximum number of concurrent requests */
    public PredictionRun(Predictor predictor, int concurrency) {
        this.predictor = predictor;
        this.concurrency = concurrency;
    }

    /**
     * Predicts all rows. An exception of a request, of the rows or of the sink ends the run.
     *
     * @param sink receives the predictions in order
     */
    public void run(Iterator<SourceRow> rows, Consumer<Prediction> sink) {
        Semaphore permits = new Semaphore(concurrency);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Deque<Future<List<Prediction>>> pending = new ArrayDeque<>();
            while (rows.hasNext()) {
                List<SourceRow> batch = new ArrayList<>();
                while (rows.hasNext() && batch.size() < predictor.batchRows()) {
                    batch.add(rows.next());
                }
                permits.acquire();
                pending.add(executor.submit(() -> {
                    try {
                        return predictor.predict(batch);
                    } finally {
                        permits.release();
                    }
                }));
                while (pending.size() >= WINDOW * concurrency || isDone(pending)) {
                    pending.remove().get().forEach(sink);
                }
            }
            while (!pending.isEmpty()) {
                pending.remove().get().forEach(sink);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "run the command again");
        } finally {
            executor.shutdownNow();
        }
    }

    private static boolean isDone(Deque<Future<List<Prediction>>> pending) {
        return !pending.isEmpty() && pending.getFirst().isDone();
    }
}
