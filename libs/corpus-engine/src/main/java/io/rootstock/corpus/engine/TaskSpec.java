package io.rootstock.corpus.engine;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Serialisable description of a task, from which a worker creates it.
 *
 * @param name name known to a {@link TaskProvider}
 * @param version version of the task's code; changes whenever some output changes
 * @param parameters parameters by name; they are part of the receipt key
 */
public record TaskSpec(String name, int version, SortedMap<String, String> parameters) implements Serializable {
    private static final long serialVersionUID = 1L;

    public TaskSpec {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /** Describes a task with parameters in any order. */
    public static TaskSpec of(String name, int version, Map<String, String> parameters) {
        return new TaskSpec(name, version, new TreeMap<>(parameters));
    }

    /** Returns a parameter; throws {@link IllegalArgumentException} naming the task if it is missing. */
    public String parameter(String key) {
        String value = parameters.get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    "task " + name + " has no parameter " + key + "; it has " + parameters.keySet());
        }
        return value;
    }
}
