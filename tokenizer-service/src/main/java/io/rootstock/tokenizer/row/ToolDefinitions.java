package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.toolcalls.FunctionTool;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the functions of a row: {@code tools} of {@code {type: function, function: {...}}} (OpenAI), plain functions in
 * {@code tools} or {@code functions}, or either list as JSON in a text (LLaMA-Factory, Hugging Face).
 */
final class ToolDefinitions {
    static final List<String> FIELDS = List.of("tools", "functions");

    private static final String FUNCTION = "function";

    private ToolDefinitions() {}

    /** Whether the object has functions. */
    static boolean has(JsonNode object) {
        return FIELDS.stream().anyMatch(field -> isFilled(object.path(field)));
    }

    /**
     * Returns the functions; none if the object has no such field.
     *
     * @param object the row, or the prompt of a preference
     * @throws RowRefusedException naming the tool
     */
    static List<FunctionTool> of(JsonNode object) {
        List<String> filled =
                FIELDS.stream().filter(field -> isFilled(object.path(field))).toList();
        if (filled.isEmpty()) {
            return List.of();
        }
        if (filled.size() > 1) {
            throw new RowRefusedException("has both 'tools' and 'functions'; keep 'tools'");
        }
        String field = filled.getFirst();
        JsonNode value = object.get(field);
        JsonNode list = value.isTextual() ? JsonTexts.parse(value.textValue(), "field '" + field + "'") : value;
        if (!list.isArray()) {
            throw new RowRefusedException("has a field '" + field + "' that is not a list of functions");
        }
        List<FunctionTool> tools = new ArrayList<>();
        for (JsonNode tool : list) {
            tools.add(tool(tool, "tool " + (tools.size() + 1) + " of field '" + field + "'"));
        }
        return List.copyOf(tools);
    }

    private static boolean isFilled(JsonNode value) {
        return value.isTextual() ? !value.textValue().isBlank() : value.isContainerNode() && !value.isEmpty();
    }

    private static FunctionTool tool(JsonNode tool, String place) {
        boolean nested = tool.path(FUNCTION).isObject();
        JsonNode function = nested ? tool.get(FUNCTION) : tool;
        if (!nested && tool.has("type") && !tool.path("type").asText().equals(FUNCTION)) {
            throw new RowRefusedException(
                    place + " is of type '" + tool.path("type").asText() + "'; only functions can be called");
        }
        if (!function.path("name").isTextual()) {
            throw new RowRefusedException(place + " has no name; write {\"name\": ..., \"parameters\": {...}}");
        }
        return new FunctionTool(
                RowFields.required(function, "name"),
                RowFields.optional(function, "description").orElse(""),
                JsonTexts.text(function.path("parameters")));
    }
}
