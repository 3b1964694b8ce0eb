package io.rootstock.inference.completion;

import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.ToolCall;
import io.rootstock.inference.v1.Tools;
import io.rootstock.toolcalls.ChatMessage;
import io.rootstock.toolcalls.FunctionCall;
import io.rootstock.toolcalls.FunctionTool;
import io.rootstock.toolcalls.ToolMode;
import io.rootstock.toolcalls.ToolOptions;
import java.util.List;

/** Converts functions, messages and calls between the contract and {@code libs/tool-calls}. */
final class ToolMessages {
    private ToolMessages() {}

    static ToolOptions options(Tools tools) {
        ToolMode mode = switch (tools.getMode()) {
            case TOOL_MODE_UNSPECIFIED, TOOL_MODE_AUTO, UNRECOGNIZED -> ToolMode.AUTO;
            case TOOL_MODE_NONE -> ToolMode.NONE;
            case TOOL_MODE_REQUIRED -> ToolMode.REQUIRED;
        };
        List<FunctionTool> functions = tools.getToolsList().stream()
                .map(tool -> new FunctionTool(tool.getName(), tool.getDescription(), tool.getParametersSchema()))
                .toList();
        return new ToolOptions(functions, mode, tools.getRequiredName());
    }

    static List<ChatMessage> messages(List<Message> messages) {
        return messages.stream().map(ToolMessages::message).toList();
    }

    private static ChatMessage message(Message message) {
        List<FunctionCall> calls = message.getToolCallsList().stream()
                .map(call -> new FunctionCall(call.getId(), call.getName(), call.getArguments()))
                .toList();
        return new ChatMessage(message.getRole(), message.getContent(), calls, message.getToolCallId());
    }

    static ToolCall call(FunctionCall call) {
        return ToolCall.newBuilder()
                .setId(call.id())
                .setName(call.name())
                .setArguments(call.arguments())
                .build();
    }
}
