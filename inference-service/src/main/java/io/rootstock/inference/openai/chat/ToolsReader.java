package io.rootstock.inference.openai.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.v1.Tool;
import io.rootstock.inference.v1.ToolMode;
import io.rootstock.inference.v1.Tools;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code tools} and {@code tool_choice}. */
final class ToolsReader {
    private static final String CHOICE = "tool_choice";
    private static final String ALLOWED = "allowed_tools";
    private static final String FUNCTION = "function";

    private ToolsReader() {}

    static Tools read(Fields body, FieldNames names) {
        Tools.Builder tools = Tools.newBuilder();
        body.objects("tools").forEach(tool -> tools.addTools(tool(tool)));
        Optional<JsonNode> choice = body.any(CHOICE);
        if (choice.isEmpty()) {
            return tools.build();
        }
        if (choice.get().isTextual()) {
            return tools.setMode(mode(body, CHOICE, choice.get().textValue())).build();
        }
        Fields stated = body.required(CHOICE, body.object(CHOICE));
        if (stated.text("type").filter(ALLOWED::equals).isPresent()) {
            return allowed(stated, tools, names);
        }
        requireFunction(stated);
        Fields function = stated.required(FUNCTION, stated.object(FUNCTION));
        tools.setMode(ToolMode.TOOL_MODE_REQUIRED).setRequiredName(function.required("name", function.text("name")));
        function.end();
        stated.end();
        return tools.build();
    }

    /** {@code allowed_tools}: only the named functions may be called. */
    private static Tools allowed(Fields stated, Tools.Builder tools, FieldNames names) {
        Fields allowed = stated.required(ALLOWED, stated.object(ALLOWED));
        ToolMode mode = mode(allowed, "mode", allowed.required("mode", allowed.text("mode")));
        Set<String> allowedNames = new LinkedHashSet<>();
        for (Fields tool : allowed.objects("tools")) {
            requireFunction(tool);
            Fields function = tool.required(FUNCTION, tool.object(FUNCTION));
            String name = function.required("name", function.text("name"));
            if (tools.getToolsList().stream().noneMatch(known -> known.getName().equals(name))) {
                throw function.refused("name", "is not the name of one of tools, was '" + name + "'");
            }
            allowedNames.add(name);
            function.end();
            tool.end();
        }
        allowed.end();
        stated.end();
        List<Tool> kept = new ArrayList<>();
        for (int i = 0; i < tools.getToolsCount(); i++) {
            if (allowedNames.contains(tools.getTools(i).getName())) {
                names.put("tools.tools[" + kept.size() + "]", "tools[" + i + "]");
                kept.add(tools.getTools(i));
            }
        }
        return tools.clearTools().addAllTools(kept).setMode(mode).build();
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
        describe(function, made);
        // Arguments are enforced if a call is forced, and not if the model decides to call.
        made.setIgnoreUnsupportedKeywords(!function.flag("strict").orElse(false));
        function.end();
        tool.end();
        return made.build();
    }

    /** Reads the name, the description and the parameters of a function. */
    static void describe(Fields function, Tool.Builder tool) {
        function.text("name").ifPresent(tool::setName);
        function.text("description").ifPresent(tool::setDescription);
        function.tree("parameters").ifPresent(schema -> tool.setParametersSchema(schema.toString()));
    }

    private static ToolMode mode(Fields body, String field, String choice) {
        return switch (choice) {
            case "auto" -> ToolMode.TOOL_MODE_AUTO;
            case "none" -> ToolMode.TOOL_MODE_NONE;
            case "required" -> ToolMode.TOOL_MODE_REQUIRED;
            default -> throw body.refused(field, "must be auto, none, required or a function, was '" + choice + "'");
        };
    }
}
