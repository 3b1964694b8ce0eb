package io.rootstock.evaluator.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.evaluation.task.score.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lines of the row cache: a key and the responses of a row, as JSON. An impossible text has the log-probability null. */
final class CachedResponses {
    private static final JsonMapper JSON = new JsonMapper();
    /** Every line begins with it, followed by the key. */
    private static final String BEGINNING = "{\"row\":\"";

    private CachedResponses() {}

    static String toLine(String key, List<Response> responses) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode array = json.put("row", key).putArray("responses");
        for (Response response : responses) {
            ObjectNode each = array.addObject();
            switch (response) {
                case Response.Loglikelihood(double logprob, boolean greedy, int tokens) ->
                    logprob(each, logprob).put("greedy", greedy).put("tokens", tokens);
                case Response.Rolling(double logprob) -> logprob(each, logprob);
                case Response.Generated(String text, Response.Ending ending) -> {
                    each.put("text", text);
                    if (ending != Response.Ending.UNKNOWN) {
                        each.put("ends_by_itself", ending == Response.Ending.BY_ITSELF);
                    }
                }
            }
        }
        return json.toString();
    }

    private static ObjectNode logprob(ObjectNode json, double value) {
        return Double.isInfinite(value) ? json.putNull("logprob") : json.put("logprob", value);
    }

    /** Returns the key of a line; empty if the line is damaged. */
    static Optional<String> key(String line) {
        int end = line.startsWith(BEGINNING) && line.endsWith("}") ? line.indexOf('"', BEGINNING.length()) : -1;
        return end < 0 ? Optional.empty() : Optional.of(line.substring(BEGINNING.length(), end));
    }

    /** Returns the responses of a line; empty if the line is damaged. */
    static Optional<List<Response>> responses(String line) {
        try {
            List<Response> responses = new ArrayList<>();
            JSON.readTree(line).required("responses").forEach(response -> responses.add(response(response)));
            return Optional.of(responses);
        } catch (JsonProcessingException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Response response(JsonNode json) {
        if (json.has("text")) {
            Response.Ending ending = !json.has("ends_by_itself")
                    ? Response.Ending.UNKNOWN
                    : json.get("ends_by_itself").asBoolean() ? Response.Ending.BY_ITSELF : Response.Ending.LIMIT;
            return new Response.Generated(json.get("text").asText(), ending);
        }
        JsonNode number = json.required("logprob");
        double logprob = number.isNull() ? Double.NEGATIVE_INFINITY : number.doubleValue();
        return json.has("tokens")
                ? new Response.Loglikelihood(
                        logprob,
                        json.required("greedy").asBoolean(),
                        json.get("tokens").asInt())
                : new Response.Rolling(logprob);
    }
}
