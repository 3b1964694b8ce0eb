package io.rootstock.evaluation.task.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.evaluation.contamination.ContaminatedRow;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.yaml.InvalidFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes and reads records as JSON lines. Log-probabilities keep all digits; an impossible token has null. */
public final class RowRecords {
    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(TaskLimits.ROW_DEPTH)
                            .maxStringLength(TaskLimits.ROW_CHARACTERS)
                            .build())
                    .build())
            .build();

    private RowRecords() {}

    /** Returns a record as one line of JSON, without line end. */
    public static String toJson(RowRecord row) {
        return toJson(row, Optional.empty());
    }

    /** Like {@link #toJson(RowRecord)}, for a row that may have been found in training data. */
    public static String toJson(RowRecord row, Optional<ContaminatedRow> found) {
        ObjectNode json = JSON.createObjectNode();
        json.put("task", row.task())
                .put("row", row.row())
                .put("file", row.file())
                .put("line", row.line())
                .put("requests_sha256", row.requestHash());
        expected(row.expected(), json.putObject("expected"));
        ArrayNode responses = json.putArray("responses");
        row.responses().forEach(response -> response(response, responses.addObject()));
        row.prediction().ifPresent(index -> json.put("prediction", index));
        if (!row.predictions().isEmpty()) {
            ObjectNode predictions = json.putObject("predictions");
            row.predictions().forEach(predictions::put);
        }
        ObjectNode scores = json.putObject("scores");
        row.scores()
                .forEach((name, score) ->
                        number(scores.putObject(name), "value", score.value()).put("weight", score.weight()));
        json.put("correct", row.correct()).put("near_tie", row.nearTie());
        found.ifPresent(place -> place.write(json.putObject(ContaminatedRow.FIELD)));
        return json.toString();
    }

    private static void expected(Expected expected, ObjectNode json) {
        switch (expected) {
            case Expected.Choice choice -> {
                choice.choices().forEach(json.putArray("choices")::add);
                choice.gold().forEach(json.putArray("gold")::add);
                if (!choice.equals(new Expected.Choice(choice.choices(), choice.gold()))) {
                    json.put("positive", choice.positive().orElseThrow());
                }
            }
            case Expected.Continuation _ -> json.put("continuation", true);
            case Expected.Document(long bytes, long words) ->
                json.put("bytes", bytes).put("words", words);
            case Expected.References(List<String> references) -> references.forEach(json.putArray("references")::add);
        }
    }

    private static void response(Response response, ObjectNode json) {
        switch (response) {
            case Response.Loglikelihood(double logprob, boolean greedy, int tokens) ->
                number(json, "logprob", logprob).put("greedy", greedy).put("tokens", tokens);
            case Response.Rolling(double logprob) -> number(json, "logprob", logprob);
            case Response.Generated(String text, Response.Ending ending) -> {
                json.put("text", text);
                if (ending != Response.Ending.UNKNOWN) {
                    json.put("ends_by_itself", ending == Response.Ending.BY_ITSELF);
                }
            }
        }
    }

    private static ObjectNode number(ObjectNode json, String name, double value) {
        return Double.isInfinite(value) ? json.putNull(name) : json.put(name, value);
    }

    /**
     * Reads a line that {@link #toJson} wrote.
     *
     * @param text the line
     * @param file file of the records, for errors
     * @param line line number from 1, for errors
     * @throws InvalidFileException if the line is not a record
     */
    public static RowRecord fromJson(String text, String file, long line) {
        try {
            JsonNode json = JSON.readTree(text);
            List<Response> responses = new ArrayList<>();
            json.required("responses").forEach(response -> responses.add(response(response)));
            Map<String, String> predictions = new LinkedHashMap<>();
            json.path("predictions")
                    .properties()
                    .forEach(entry ->
                            predictions.put(entry.getKey(), entry.getValue().asText()));
            Map<String, Score> scores = new LinkedHashMap<>();
            json.required("scores")
                    .properties()
                    .forEach(entry -> scores.put(
                            entry.getKey(),
                            new Score(
                                    number(entry.getValue().required("value")),
                                    entry.getValue().required("weight").doubleValue())));
            return new RowRecord(
                    json.required("task").asText(),
                    json.required("row").asInt(),
                    json.required("file").asText(),
                    json.required("line").asLong(),
                    json.required("requests_sha256").asText(),
                    expected(json.required("expected")),
                    responses,
                    json.has("prediction")
                            ? OptionalInt.of(json.get("prediction").asInt())
                            : OptionalInt.empty(),
                    predictions,
                    scores,
                    json.required("correct").asBoolean(),
                    json.required("near_tie").asBoolean());
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(
                    file, line, "invalid JSON: " + e.getOriginalMessage(), "write the records again");
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(file, line, "not a record: " + e.getMessage(), "write the records again");
        }
    }

    /**
     * Returns where the row of a record was found in training data; empty if it was not, or the line is not a record.
     *
     * @param file file of the records, for errors
     * @throws InvalidFileException if the place is incomplete
     */
    public static Optional<ContaminatedRow> contaminated(String text, String file) {
        if (!text.contains('"' + ContaminatedRow.FIELD + '"')) {
            return Optional.empty();
        }
        try {
            return ContaminatedRow.of(JSON.readTree(text));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new InvalidFileException(file, 0, "not a record: " + e.getMessage(), "write the records again");
        }
    }

    private static Expected expected(JsonNode json) {
        if (json.has("choices")) {
            List<Integer> gold = new ArrayList<>();
            json.required("gold").forEach(index -> gold.add(index.asInt()));
            List<String> choices = texts(json.get("choices"));
            if (gold.isEmpty() || gold.stream().anyMatch(index -> index < 0 || index >= choices.size())) {
                throw new IllegalArgumentException("gold " + gold + " of " + choices.size() + " choices");
            }
            OptionalInt positive =
                    json.has("positive") ? OptionalInt.of(json.get("positive").asInt()) : OptionalInt.empty();
            if (positive.isPresent() && (positive.getAsInt() < 0 || positive.getAsInt() >= choices.size())) {
                throw new IllegalArgumentException(
                        "positive class " + positive.getAsInt() + " of " + choices.size() + " choices");
            }
            return new Expected.Choice(choices, gold, positive);
        }
        if (json.has("references")) {
            return new Expected.References(texts(json.get("references")));
        }
        if (json.has("bytes")) {
            return new Expected.Document(
                    json.get("bytes").asLong(), json.required("words").asLong());
        }
        json.required("continuation");
        return new Expected.Continuation();
    }

    private static Response response(JsonNode json) {
        if (json.has("text")) {
            Response.Ending ending = !json.has("ends_by_itself")
                    ? Response.Ending.UNKNOWN
                    : json.get("ends_by_itself").asBoolean() ? Response.Ending.BY_ITSELF : Response.Ending.LIMIT;
            return new Response.Generated(json.get("text").asText(), ending);
        }
        double logprob = number(json.required("logprob"));
        return json.has("tokens")
                ? new Response.Loglikelihood(
                        logprob,
                        json.required("greedy").asBoolean(),
                        json.get("tokens").asInt())
                : new Response.Rolling(logprob);
    }

    private static double number(JsonNode json) {
        return json.isNull() ? Double.NEGATIVE_INFINITY : json.doubleValue();
    }

    private static List<String> texts(JsonNode json) {
        List<String> texts = new ArrayList<>();
        json.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
