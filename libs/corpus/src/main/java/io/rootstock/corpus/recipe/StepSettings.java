package io.rootstock.corpus.recipe;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A step of a recipe with every parameter, stated or by default.
 *
 * @param kind the step
 * @param values values by name of the parameter: Long, Double, Boolean, String or a list of strings
 * @param line line of the recipe that names the step, from 1; 0 if it is from no file
 */
public record StepSettings(StepKind kind, Map<String, Object> values, int line) {
    public StepSettings {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /** Value of an integer parameter. */
    public long integer(String name) {
        return (Long) value(name);
    }

    /** Value of a decimal parameter. */
    public double decimal(String name) {
        return (Double) value(name);
    }

    /** Value of a parameter that is true or false. */
    public boolean flag(String name) {
        return (Boolean) value(name);
    }

    /** Value of a text parameter. */
    public String text(String name) {
        return (String) value(name);
    }

    /** Value of a list parameter. */
    public List<String> texts(String name) {
        return ((List<?>) value(name)).stream().map(String.class::cast).toList();
    }

    private Object value(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("step '" + kind.name() + "' has no parameter '" + name + "'");
        }
        return value;
    }
}
