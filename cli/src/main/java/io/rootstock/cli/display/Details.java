package io.rootstock.cli.display;

import java.util.ArrayList;
import java.util.List;

/** Names and values of one resource, one per line; empty values are omitted. Not safe for several threads. */
public final class Details {
    private record Entry(String name, String value) {}

    private final List<Entry> entries = new ArrayList<>();

    /** Adds a value; later lines of a value are indented. */
    public Details add(String name, String value) {
        if (!value.isEmpty()) {
            entries.add(new Entry(name, value));
        }
        return this;
    }

    /** Returns one line per name, aligned at the values. */
    public List<String> lines() {
        int width =
                entries.stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries) {
            String name = entry.name() + " ".repeat(width - entry.name().length() + 2);
            for (String line : entry.value().lines().toList()) {
                lines.add((name + line).stripTrailing());
                name = " ".repeat(width + 2);
            }
        }
        return lines;
    }

    public void print(Console console) {
        lines().forEach(line -> console.print("  " + line));
    }
}
