package io.rootstock.cli.command.model;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tags as text, such as {@code reviewed=yes, team=docs}. */
final class TagText {
    private TagText() {}

    static String of(Map<String, String> tags) {
        return new TreeMap<>(tags)
                .entrySet().stream()
                        .map(tag -> tag.getKey() + "=" + tag.getValue())
                        .collect(Collectors.joining(", "));
    }
}
