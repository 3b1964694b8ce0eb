package io.rootstock.toolcalls;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The validated functions of a request.
 *
 * @param schemas JSON Schema of the arguments, by function name, in the request's order
 * @param definitions the functions for the chat template
 * @param mustCall whether one of them must be called
 * @param mayCall names of the functions that may be called
 */
record ToolSet(
        Map<String, ObjectNode> schemas, List<ToolDefinition> definitions, boolean mustCall, List<String> mayCall) {
    private static final int MAX_TOOLS = 64;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    static ToolSet of(ToolOptions options) {
        require(
                options.tools().size() <= MAX_TOOLS,
                "tools.tools",
                "must hold at most 64, holds " + options.tools().size());
        Map<String, ObjectNode> schemas = new LinkedHashMap<>();
        List<ToolDefinition> definitions = new ArrayList<>();
        for (int i = 0; i < options.tools().size(); i++) {
            FunctionTool tool = options.tools().get(i);
            String field = "tools.tools[" + i + "]";
            require(
                    NAME.matcher(tool.name()).matches(),
                    field + ".name",
                    "must be 1 to 64 letters, digits, '_' or '-', was '" + tool.name() + "'");
            ObjectNode schema = schema(tool.parametersSchema(), field + ".parameters_schema");
            require(
                    schemas.put(tool.name(), schema) == null,
                    field + ".name",
                    "must differ from the others, was " + tool.name() + " again");
            definitions.add(new ToolDefinition(tool.name(), tool.description(), JsonObjects.map(schema)));
        }
        boolean mustCall = options.mode() == ToolMode.REQUIRED;
        String named = options.requiredName();
        require(!mustCall || !schemas.isEmpty(), "tools.mode", "needs functions to call");
        require(
                named.isEmpty() || (mustCall && schemas.containsKey(named)),
                "tools.required_name",
                "must name one of the functions and needs TOOL_MODE_REQUIRED, was " + named);
        if (options.mode() == ToolMode.NONE) {
            return new ToolSet(Map.of(), List.of(), false, List.of());
        }
        return new ToolSet(
                schemas, definitions, mustCall, named.isEmpty() ? List.copyOf(schemas.keySet()) : List.of(named));
    }

    private static ObjectNode schema(String text, String field) {
        if (text.isEmpty()) {
            ObjectNode none = JsonObjects.create();
            none.put("type", "object");
            none.putObject("properties");
            none.put("additionalProperties", false);
            return none;
        }
        return JsonObjects.object(text)
                .orElseThrow(() -> new InvalidToolUseException(field, "must be a JSON Schema, a JSON object"));
    }

    private static void require(boolean condition, String field, String description) {
        if (!condition) {
            throw new InvalidToolUseException(field, description);
        }
    }
}
