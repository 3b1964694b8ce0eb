package io.rootstock.registry.database;

import io.rootstock.access.v1.Role;
import io.rootstock.service.access.Caller;
import java.util.List;

/** Restricts lists to what the current caller may see. */
public final class VisibleNames {
    private VisibleNames() {}

    /**
     * Returns a condition with one argument, {@link #prefixes}.
     *
     * @param id SQL expression of an element's id
     */
    public static String condition(String id) {
        return "exists (select from unnest(?::text[]) visible where starts_with(" + id + " || '/', visible))";
    }

    /** Returns the prefixes of the ids of a collection that the caller may see. */
    public static List<String> prefixes(String collection) {
        return Caller.current().prefixes(Role.ROLE_VIEWER, collection);
    }
}
