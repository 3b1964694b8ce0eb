package io.rootstock.k8s.operations;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The series that a PromQL expression reads.
 *
 * @param series name to the labels of its selectors
 */
record Query(Map<String, Set<String>> series) {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(by|without|on|ignoring)\\s*\\([^)]*\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*\\]");
    private static final Pattern NAME = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\s*\\{([^}]*)\\})?(\\s*\\()?");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)\\s*(=~|!~|!=|=)");
    private static final Set<String> OPERATORS = Set.of("or", "and", "unless");

    static Query of(String expression) {
        String text = STRING.matcher(expression).replaceAll("\"\"");
        text = GROUPING.matcher(text).replaceAll(" ");
        text = RANGE.matcher(text).replaceAll(" ");
        Map<String, Set<String>> series = new HashMap<>();
        Matcher name = NAME.matcher(text);
        while (name.find()) {
            boolean function = name.group(4) != null && name.group(2) == null;
            if (!function && !OPERATORS.contains(name.group(1))) {
                Set<String> labels = series.computeIfAbsent(name.group(1), _ -> new HashSet<>());
                if (name.group(3) != null) {
                    LABEL.matcher(name.group(3)).results().forEach(label -> labels.add(label.group(1)));
                }
            }
        }
        return new Query(series);
    }
}
