package io.rootstock.cli.prediction;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.tokenizer.v1.SourceRow;
import java.util.ArrayList;
import java.util.List;

/** Asks a served model for predictions; safe for several threads. */
public abstract sealed class Predictor permits ClassPredictor, AnswerPredictor {
    /** Number of rows of a request. */
    abstract int batchRows();

    /** Sends one request. */
    abstract List<Prediction> request(List<SourceRow> rows);

    /** Predicts rows; if a row of several is rejected, each is sent alone. */
    final List<Prediction> predict(List<SourceRow> rows) throws InterruptedException {
        try {
            return BusyRetry.call(() -> request(rows));
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
}
