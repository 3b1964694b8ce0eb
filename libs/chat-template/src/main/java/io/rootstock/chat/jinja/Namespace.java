package io.rootstock.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The object of {@code namespace()}: attributes set inside a loop remain set after it. */
final class Namespace {
    final Map<String, Object> attributes = new LinkedHashMap<>();
}
