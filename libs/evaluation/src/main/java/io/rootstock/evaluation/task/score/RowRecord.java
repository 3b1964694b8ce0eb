package io.rootstock.evaluation.task.score;

import io.rootstock.evaluation.task.request.Expected;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Result of a row.
 *
 * @param task name of the task
 * @param row index of the row in its split, from 0
 * @param file row file
 * @param line line in the row file, from 1
 * @param requestHash SHA-256 of the row's requests
 * @param expected gold answer
 * @param responses responses in the order of the requests
 * @param prediction index of the first choice with the largest sum of log-probabilities; empty for other rows
 * @param predictions generated text by filter pipeline; empty for other rows
 * @param scores scores by metric; {@code METRIC,PIPELINE} for pipelines other than {@code none}
 * @param correct whether the row's first score is 1; false where it is a fraction or not an accuracy
 * @param nearTie whether another choice is so close to the best that floating-point order can change the prediction
 */
public record RowRecord(
        String task,
        int row,
        String file,
        long line,
        String requestHash,
        Expected expected,
        List<Response> responses,
        OptionalInt prediction,
        Map<String, String> predictions,
        Map<String, Score> scores,
        boolean correct,
        boolean nearTie) {
    public RowRecord {
        responses = List.copyOf(responses);
        predictions = Collections.unmodifiableMap(new LinkedHashMap<>(predictions));
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }
}
