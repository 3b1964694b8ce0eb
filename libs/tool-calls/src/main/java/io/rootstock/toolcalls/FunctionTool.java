package io.rootstock.toolcalls;

/**
 * A function that the model may call.
 *
 * @param name 1 to 64 letters, digits, '_' or '-'
 * @param parametersSchema JSON Schema of the arguments, of type object; empty for a function without arguments
 */
public record FunctionTool(String name, String description, String parametersSchema) {}
