package io.rootstock.chat;

import io.rootstock.chat.jinja.Values;

/** JSON in the words that chat templates write it in: {@code {"a": [1, "é"]}}, as their {@code tojson} does. */
public final class JsonText {
    private JsonText() {}

    /** Writes texts, numbers, truth values, nulls, lists and maps with text keys. */
    public static String of(Object value) {
        return Values.json(value);
    }
}
