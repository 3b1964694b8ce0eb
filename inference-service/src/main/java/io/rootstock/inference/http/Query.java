package io.rootstock.inference.http;

import io.rootstock.service.Errors;
import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The query parameters of a request. {@link #end} rejects parameters that were not read. */
public final class Query {
    private final Map<String, String> unread = new LinkedHashMap<>();

    /** Reads the parameters; of a repeated parameter, the last one counts. */
    Query(MultiMap parameters) {
        parameters.forEach(unread::put);
    }

    /** A text; an empty one counts as absent. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(unread.remove(name)).filter(value -> !value.isEmpty());
    }

    /** A whole number from 1 to a maximum. */
    public int number(String name, int standard, int most) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return standard;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Rejected below.
        }
        throw Errors.invalidArgument(name, "must be a whole number from 1 to " + most + ", was '" + text.get() + "'");
    }

    /** Whether a flag is true. */
    public boolean flag(String name) {
        String text = text(name).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw Errors.invalidArgument(name, "must be true or false, was '" + text + "'");
        }
        return text.equals("true");
    }

    /** The parameters {@code name[key]=value}, by key. */
    public Map<String, String> entries(String name) {
        Map<String, String> entries = new LinkedHashMap<>();
        unread.keySet().stream()
                .filter(key -> key.startsWith(name + "[") && key.endsWith("]"))
                .toList()
                .forEach(key -> entries.put(key.substring(name.length() + 1, key.length() - 1), unread.remove(key)));
        return entries;
    }

    /** Rejects parameters that were not read. */
    public void end() {
        unread.keySet().stream().findFirst().ifPresent(name -> {
            throw Errors.invalidArgument(name, "is not a query parameter of this path");
        });
    }
}
