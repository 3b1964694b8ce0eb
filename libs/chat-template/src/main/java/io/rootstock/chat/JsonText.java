package io.rootstock.chat;

import io.rootstock.chat.jinja.value.Values;

/** JSON in the format of chat templates' {@code tojson}: {@code {"a": [1, "é"]}}. */
public final class JsonText {
    private JsonText() {}

    /** Serializes strings, numbers, booleans, nulls, lists and maps with string keys. */
    public static String of(Object value) {
        return Values.json(value);
    }
}
