package io.rootstock.inference.openai.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.v1.Tool;
import io.rootstock.inference.v1.ToolMode;
import io.rootstock.inference.v1.Tools;
import java.util.List;
import java.util.Optional;

/** Reads {@code functions} and {@code function_call}, OpenAI's fields before {@code tools} and {@code tool_choice}. */
final class FunctionsReader {
    private static final String FUNCTIONS = "functions";
    private static final String CALL = "function_call";

    private FunctionsReader() {}

    /** Whether the request has these fields. */
    static boolean reads(Fields body) {
        return body.has(FUNCTIONS) || body.has(CALL);
    }

    static Tools read(Fields body, FieldNames names) {
        for (String name : List.of("tools", "tool_choice")) {
            if (body.has(name)) {
                throw body.refused(name, "must not be set beside functions and function_call");
            }
        }
        names.put("tools.tools", FUNCTIONS);
        names.put("tools.mode", CALL);
        names.put("tools.required_name", CALL + ".name");
        Tools.Builder tools = Tools.newBuilder();
        body.objects(FUNCTIONS).forEach(function -> tools.addTools(function(function)));
        Optional<JsonNode> call = body.any(CALL);
        if (call.isEmpty()) {
            return tools.build();
        }
        if (tools.getToolsCount() == 0) {
            throw body.refused(CALL, "needs functions to call");
        }
        if (call.get().isTextual()) {
            return tools.setMode(mode(body, call.get().textValue())).build();
        }
        Fields named = body.required(CALL, body.object(CALL));
        tools.setMode(ToolMode.TOOL_MODE_REQUIRED).setRequiredName(named.required("name", named.text("name")));
        named.end();
        return tools.build();
    }

    private static Tool function(Fields function) {
        Tool.Builder tool = Tool.newBuilder().setIgnoreUnsupportedKeywords(true);
        ToolsReader.describe(function, tool);
        function.end();
        return tool.build();
    }

    private static ToolMode mode(Fields body, String call) {
        return switch (call) {
            case "auto" -> ToolMode.TOOL_MODE_AUTO;
            case "none" -> ToolMode.TOOL_MODE_NONE;
            default -> throw body.refused(CALL, "must be auto, none or {\"name\": ...}, was '" + call + "'");
        };
    }
}
