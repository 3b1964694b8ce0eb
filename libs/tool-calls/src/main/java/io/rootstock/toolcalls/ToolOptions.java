package io.rootstock.toolcalls;

import java.util.List;

/**
 * The functions of a conversation.
 *
 * @param tools at most 64 functions with distinct names
 * @param requiredName the function that must be called, with {@link ToolMode#REQUIRED}; empty for any
 */
public record ToolOptions(List<FunctionTool> tools, ToolMode mode, String requiredName) {
    public ToolOptions {
        tools = List.copyOf(tools);
    }
}
