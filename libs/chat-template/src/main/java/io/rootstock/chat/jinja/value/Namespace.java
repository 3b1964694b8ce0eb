package io.rootstock.chat.jinja.value;

import java.util.LinkedHashMap;
import java.util.Map;

/** The object of {@code namespace()}: attributes set inside a loop remain set after it. */
public final class Namespace {
    public final Map<String, Object> attributes = new LinkedHashMap<>();
}
