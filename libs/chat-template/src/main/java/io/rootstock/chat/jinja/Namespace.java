package io.rootstock.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The object of {@code namespace()}: what is set in it inside of a loop is there behind the loop. */
final class Namespace {
    final Map<String, Object> attributes = new LinkedHashMap<>();
}
