package io.rootstock.cli.prediction;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.tokenizer.v1.SourceRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Asks a served model for predictions; safe for several threads. */
public abstract sealed class Predictor permits ClassPredictor, AnswerPredictor {
    private static final int ATTEMPTS = 10;
    private static final long FIRST_DELAY_MILLIS = 200;
    private static final long MAX_DELAY_MILLIS = 10_000;

    /** Number of rows of a request. */
    abstract int batchRows();

    /** Sends one request. */
    abstract List<Prediction> request(List<SourceRow> rows);

    /** Predicts rows; if a row of several is rejected, each is sent alone. */
    final List<Prediction> predict(List<SourceRow> rows) throws InterruptedException {
        try {
            return callUntilFree(() -> request(rows));
        } catch (StatusRuntimeException failure) {
            if (failure.getStatus().getCode() != Status.Code.INVALID_ARGUMENT) {
                throw failure;
            }
            if (rows.size() == 1) {
                return List.of(new Prediction.Rejected(
                        rows.getFirst(), String.valueOf(failure.getStatus().getDescription())));
            }
        }
        List<Prediction> predictions = new ArrayList<>();
        for (SourceRow row : rows) {
            predictions.addAll(predict(List.of(row)));
        }
        return predictions;
    }

    /**
     * Calls until the service is not busy (RESOURCE_EXHAUSTED: its queue is full), at most ten times within about a
     * minute.
     */
    private static <T> T callUntilFree(Supplier<T> call) throws InterruptedException {
        long delay = FIRST_DELAY_MILLIS;
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (StatusRuntimeException failure) {
                if (failure.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED || attempt == ATTEMPTS) {
                    throw failure;
                }
            }
            Thread.sleep(delay);
            delay = Math.min(2 * delay, MAX_DELAY_MILLIS);
        }
    }
}
