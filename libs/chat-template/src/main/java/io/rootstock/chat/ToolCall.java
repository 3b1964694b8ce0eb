package io.rootstock.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A function call by an assistant turn.
 *
 * @param id unique within the conversation
 * @param name name of the function
 * @param arguments arguments as a JSON object: strings, numbers, booleans, nulls, lists and maps
 */
public record ToolCall(String id, String name, Map<String, Object> arguments) {
    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }
}
