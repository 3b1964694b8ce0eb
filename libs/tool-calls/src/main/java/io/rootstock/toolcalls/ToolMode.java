package io.rootstock.toolcalls;

/** Whether the model calls functions; OpenAI's {@code tool_choice}. */
public enum ToolMode {
    /** The model decides. */
    AUTO,
    /** The model calls no functions. */
    NONE,
    /** The model calls at least one function. */
    REQUIRED
}
