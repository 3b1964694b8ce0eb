package io.rootstock.chat.jinja;

import java.util.List;
import java.util.Map;

/** What a template can call. */
@FunctionalInterface
interface Function {
    Object call(List<Object> positional, Map<String, Object> named);
}
