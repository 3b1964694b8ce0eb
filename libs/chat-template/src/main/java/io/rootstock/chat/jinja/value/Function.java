package io.rootstock.chat.jinja.value;

import java.util.List;
import java.util.Map;

/** Function or method that a template can call. */
@FunctionalInterface
public interface Function {
    Object call(List<Object> positional, Map<String, Object> named);
}
