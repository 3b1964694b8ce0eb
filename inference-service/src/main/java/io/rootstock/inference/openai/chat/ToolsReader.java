package io.rootstock.inference.openai.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.inference.openai.http.Fields;
import io.rootstock.inference.v1.Tool;
import io.rootstock.inference.v1.ToolMode;
import io.rootstock.inference.v1.Tools;
import java.util.Optional;

/** Reads {@code tools} and {@code tool_choice}. */
final class ToolsReader {
    private static final String CHOICE = "tool_choice";
    private static final String FUNCTION = "function";

    private ToolsReader() {}

    static Tools read(Fields body) {
        Tools.Builder tools = Tools.newBuilder();
        body.objects("tools").forEach(tool -> tools.addTools(tool(tool)));
        Optional<JsonNode> choice = body.any(CHOICE);
        if (choice.isEmpty()) {
            return tools.build();
        }
        if (choice.get().isTextual()) {
            return tools.setMode(mode(body, choice.get().textValue())).build();
        }
        Fields stated = body.required(CHOICE, body.object(CHOICE));
        requireFunction(stated);
        Fields function = stated.required(FUNCTION, stated.object(FUNCTION));
        tools.setMode(ToolMode.TOOL_MODE_REQUIRED).setRequiredName(function.required("name", function.text("name")));
        function.end();
        stated.end();
        return tools.build();
    }

    /** Rejects a tool or tool call whose type is not {@code function}. */
    static void requireFunction(Fields tool) {
        String type = tool.required("type", tool.text("type"));
        if (!type.equals(FUNCTION)) {
            throw tool.refused("type", "must be function, was '" + type + "'");
        }
    }

    private static Tool tool(Fields tool) {
        requireFunction(tool);
        Fields function = tool.required(FUNCTION, tool.object(FUNCTION));
        Tool.Builder made = Tool.newBuilder();
        function.text("name").ifPresent(made::setName);
        function.text("description").ifPresent(made::setDescription);
        function.tree("parameters").ifPresent(schema -> made.setParametersSchema(schema.toString()));
        // Arguments are enforced if a call is forced, and not if the model decides to call.
        function.ignore("strict");
        function.end();
        tool.end();
        return made.build();
    }

    private static ToolMode mode(Fields body, String choice) {
        return switch (choice) {
            case "auto" -> ToolMode.TOOL_MODE_AUTO;
            case "none" -> ToolMode.TOOL_MODE_NONE;
            case "required" -> ToolMode.TOOL_MODE_REQUIRED;
            default -> throw body.refused(CHOICE, "must be auto, none, required or a function, was '" + choice + "'");
        };
    }
}
