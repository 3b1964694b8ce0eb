package io.rootstock.corpus.engine.spi;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Serialisable description of a reader or step.
 *
 * @param name name known to a provider
 * @param version version of its rules; a worker with another version refuses the job
 * @param parameters parameters by name. They are part of receipt keys: a file, such as a model, is named with its digest
 */
public record ComponentSpec(String name, int version, SortedMap<String, String> parameters) implements Serializable {
    private static final long serialVersionUID = 1L;

    public ComponentSpec {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /** Describes a component with parameters in any order. */
    public static ComponentSpec of(String name, int version, Map<String, String> parameters) {
        return new ComponentSpec(name, version, new TreeMap<>(parameters));
    }
}
