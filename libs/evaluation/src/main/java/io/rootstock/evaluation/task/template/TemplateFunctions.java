package io.rootstock.evaluation.task.template;

import io.rootstock.chat.jinja.runtime.Globals;
import io.rootstock.chat.jinja.runtime.Scope;
import io.rootstock.chat.jinja.value.Function;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Undefined;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.YamlText;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Functions of one rendering that {@link StrictSyntax} calls. Their names contain a blank, so that a template cannot
 * name them. Counts the characters that the rendering produces.
 */
final class TemplateFunctions {
    static final String DEFINED = "require defined";
    static final String COUNTED = "count characters";
    static final String REPLACE = "bounded replace";
    static final String JOIN = "bounded join";
    static final String JOIN_METHOD = "bounded join method";
    static final String REGEX_REPLACE = "bounded regex_replace";

    private static final Scope GLOBALS = Globals.scope(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    private final YamlText source;
    private long work;

    TemplateFunctions(YamlText source) {
        this.source = source;
    }

    /** Returns the scope around the row's fields: Jinja's functions and the bounded ones. */
    Scope scope() {
        Scope scope = new Scope(null);
        for (String name : List.of("range", "dict", "namespace")) {
            scope.set(name, GLOBALS.get(name));
        }
        scope.set(DEFINED, (Function) (positional, _) -> defined(positional.getFirst()));
        scope.set(COUNTED, (Function) (positional, _) -> counted(positional.getFirst()));
        scope.set(REPLACE, (Function) this::replace);
        scope.set(JOIN, (Function) this::join);
        scope.set(JOIN_METHOD, (Function) (positional, _) -> joinMethod(positional));
        scope.set(REGEX_REPLACE, (Function) this::regexReplace);
        return scope;
    }

    private static Object defined(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        return value;
    }

    private Object counted(Object value) {
        defined(value);
        switch (value) {
            case Text text -> count(text.length());
            case List<?> list -> count(list.size());
            default -> count(1);
        }
        return value;
    }

    private void count(long characters) {
        if (characters > TaskLimits.RENDERED_CHARACTERS) {
            throw new JinjaException("a text has more than " + TaskLimits.RENDERED_CHARACTERS + " characters");
        }
        work += characters;
        if (work > TaskLimits.TEMPLATE_WORK) {
            throw new JinjaException("the template produces more than " + TaskLimits.TEMPLATE_WORK + " characters");
        }
    }

    private static Object argument(List<Object> positional, Map<String, Object> named, int index, String name) {
        Object value = index < positional.size() ? positional.get(index) : named.get(name);
        if (value == null) {
            throw new JinjaException("missing a required argument: '" + name + "'");
        }
        return value;
    }

    /** {@code value|replace(old, new, count)} and {@code value.replace(old, new, count)}. */
    private Object replace(List<Object> positional, Map<String, Object> named) {
        String text = Python.str(positional.getFirst()).toString();
        String old = Python.str(argument(positional, named, 1, "old")).toString();
        String with = Python.str(argument(positional, named, 2, "new")).toString();
        Object count = positional.size() > 3 ? positional.get(3) : named.getOrDefault("count", -1L);
        long most = count instanceof Long number ? number : -1;
        if (old.isEmpty()) {
            throw new JinjaException("replace: the text to replace is empty");
        }
        StringBuilder out = new StringBuilder();
        int end = 0;
        long replaced = 0;
        for (int at = text.indexOf(old); at >= 0 && replaced != most; at = text.indexOf(old, end)) {
            out.append(text, end, at).append(with);
            if (out.length() > TaskLimits.RENDERED_CHARACTERS) {
                count(out.length());
            }
            end = at + old.length();
            replaced++;
        }
        return Text.of(out.append(text, end, text.length()).toString());
    }

    /** {@code items|join(separator, attribute)}. */
    private Object join(List<Object> positional, Map<String, Object> named) {
        Object separator = positional.size() > 1 ? positional.get(1) : named.getOrDefault("d", Text.EMPTY);
        if (positional.size() > 2 || named.containsKey("attribute")) {
            throw new JinjaException("join with an attribute is not supported");
        }
        return joined(Python.str(separator).toString(), Python.list(positional.getFirst()));
    }

    private Object joinMethod(List<Object> positional) {
        if (!(positional.getFirst() instanceof Text separator) || positional.size() != 2) {
            throw new JinjaException("join needs a separator and a list");
        }
        return joined(separator.toString(), Python.list(positional.get(1)));
    }

    private Text joined(String separator, List<Object> items) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Object item : items) {
            out.append(first ? "" : separator).append(Python.str(defined(item)));
            first = false;
            if (out.length() > TaskLimits.RENDERED_CHARACTERS) {
                count(out.length());
            }
        }
        return Text.of(out.toString());
    }

    /** {@code value|regex_replace(pattern, replacement, count)}, lm-evaluation-harness' filter. */
    private Object regexReplace(List<Object> positional, Map<String, Object> named) {
        List<Object> strings = new ArrayList<>();
        strings.add(argument(positional, named, 0, "string"));
        strings.add(argument(positional, named, 1, "pattern"));
        strings.add(argument(positional, named, 2, "repl"));
        for (Object string : strings) {
            if (!(string instanceof Text)) {
                throw new JinjaException("regex_replace needs strings, not " + Python.type(string));
            }
        }
        Object count = positional.size() > 3 ? positional.get(3) : named.getOrDefault("count", 0L);
        YamlText pattern = new YamlText(strings.get(1).toString(), source.file(), source.line());
        int most = (int) Math.clamp(Operators.whole(count), 0L, (long) Integer.MAX_VALUE);
        return Text.of(PythonRegex.compile(pattern)
                .replace(strings.getFirst().toString(), strings.get(2).toString(), most));
    }
}
