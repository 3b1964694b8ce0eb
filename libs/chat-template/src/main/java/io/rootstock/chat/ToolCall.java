package io.rootstock.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A call of a function that an assistant's turn made.
 *
 * @param id unique within the conversation
 * @param name the function
 * @param arguments a JSON object: texts, numbers, truth values, nulls, lists and maps
 */
public record ToolCall(String id, String name, Map<String, Object> arguments) {
    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }
}
