package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.HashMap;
import java.util.Map;

/** Variables of a scope; a missing variable is looked up in the enclosing scope. */
public final class Scope {
    private final Map<String, Object> variables = new HashMap<>();
    private final Scope outside;

    public Scope(Scope outside) {
        Budget.items(1);
        this.outside = outside;
    }

    public Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outside) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Undefined(name);
    }

    public void set(String name, Object value) {
        variables.put(name, value);
    }
}
