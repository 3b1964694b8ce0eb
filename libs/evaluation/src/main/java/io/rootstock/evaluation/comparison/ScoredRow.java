package io.rootstock.evaluation.comparison;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.score.ClassPrediction;
import io.rootstock.evaluation.task.score.Score;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of a row record that metrics need.
 *
 * @param task name of the task
 * @param row index of the row in its split, from 0
 * @param requestHash SHA-256 of the row's requests, hexadecimal
 * @param references expected texts; empty for rows without generated text
 * @param predictions generated text by filter pipeline; empty for other rows
 * @param scores scores by metric
 * @param prediction predicted class; empty for rows without choices
 */
public record ScoredRow(
        String task,
        int row,
        String requestHash,
        List<String> references,
        Map<String, String> predictions,
        Map<String, Score> scores,
        Optional<ClassPrediction> prediction) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(TaskLimits.ROW_DEPTH)
                    .maxStringLength(TaskLimits.ROW_CHARACTERS)
                    .build())
            .build();
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final String REMEDY = "evaluate again";

    public ScoredRow {
        references = List.copyOf(references);
        predictions = Map.copyOf(predictions);
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
        if (task.isEmpty() || row < 0 || !HASH.matcher(requestHash).matches()) {
            throw new IllegalArgumentException("task, row or requests_sha256 is missing or invalid");
        }
    }

    /** Creates a row without choices, or one whose metrics need none. */
    public ScoredRow(
            String task,
            int row,
            String requestHash,
            List<String> references,
            Map<String, String> predictions,
            Map<String, Score> scores) {
        this(task, row, requestHash, references, predictions, scores, Optional.empty());
    }

    /**
     * Reads a row record.
     *
     * @param json one line of JSON, UTF-8
     * @param file file of the records, for errors
     * @param line line number from 1, for errors
     * @throws InvalidFileException if the line is not a record
     */
    public static ScoredRow read(byte[] json, String file, long line) {
        try (JsonParser parser = JSON.createParser(json)) {
            return read(parser);
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(file, line, "invalid JSON: " + e.getOriginalMessage(), REMEDY);
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(file, line, "not a row record: " + e.getMessage(), REMEDY);
        } catch (IOException e) {
            throw new UncheckedIOException("an array is read without errors", e);
        }
    }

    private static ScoredRow read(JsonParser parser) throws IOException {
        String task = "";
        int row = -1;
        String hash = "";
        ExpectedFields expected = new ExpectedFields();
        List<Double> logprobs = new ArrayList<>();
        Map<String, String> predictions = new LinkedHashMap<>();
        Map<String, Score> scores = new LinkedHashMap<>();
        require(parser.nextToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "task" -> task = parser.getText();
                case "row" -> row = parser.getIntValue();
                case "requests_sha256" -> hash = parser.getText();
                case "expected" -> expected.read(parser);
                case "responses" -> readLogprobs(parser, logprobs);
                case "predictions" -> readPredictions(parser, predictions);
                case "scores" -> readScores(parser, scores);
                default -> parser.skipChildren();
            }
        }
        require(parser.currentToken() == JsonToken.END_OBJECT);
        return new ScoredRow(
                task, row, hash, expected.references(), predictions, scores, expected.prediction(logprobs));
    }

    /** Reads the log-probabilities of responses that have one. */
    private static void readLogprobs(JsonParser parser, List<Double> logprobs) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isLogprob = parser.currentName().equals("logprob");
                JsonToken token = parser.nextToken();
                if (isLogprob) {
                    logprobs.add(token == JsonToken.VALUE_NULL ? Double.NEGATIVE_INFINITY : parser.getDoubleValue());
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private static void readPredictions(JsonParser parser, Map<String, String> predictions) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String pipeline = parser.currentName();
            require(parser.nextToken() == JsonToken.VALUE_STRING);
            predictions.put(pipeline, parser.getText());
        }
    }

    private static void readScores(JsonParser parser, Map<String, Score> scores) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String metric = parser.currentName();
            double value = Double.NaN;
            double weight = Double.NaN;
            require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "value" ->
                        value = token == JsonToken.VALUE_NULL ? Double.NEGATIVE_INFINITY : parser.getDoubleValue();
                    case "weight" -> weight = parser.getDoubleValue();
                    default -> parser.skipChildren();
                }
            }
            if (Double.isNaN(value) || !(weight >= 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("score " + metric + " has no value or weight");
            }
            scores.put(metric, new Score(value, weight));
        }
    }

    static void require(boolean expected) {
        if (!expected) {
            throw new IllegalArgumentException("a value has another type, or an object has no end");
        }
    }
}
