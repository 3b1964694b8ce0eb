package io.rootstock.toolcalls;

/**
 * A function call made by a model.
 *
 * @param id unique within the conversation
 * @param name name of the function
 * @param arguments JSON object
 */
public record FunctionCall(String id, String name, String arguments) {}
