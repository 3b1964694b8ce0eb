package io.rootstock.service;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A page of resources as one watcher knows it. */
public final class WatchedPage<T> {
    private final Function<T, String> name;
    private Map<String, T> known = Map.of();
    private List<String> names = List.of();
    private boolean sent;

    /**
     * Creates a page that the watcher does not know yet.
     *
     * @param name returns a resource's name
     */
    public WatchedPage(Function<T, String> name) {
        this.name = name;
    }

    /**
     * The difference of two pages.
     *
     * @param resources those that are new on the page or have changed
     * @param names of all resources of the page, in order
     */
    public record Change<T>(List<T> resources, List<String> names) {}

    /** Returns the change from the last page to this one; empty if they are equal. */
    public Optional<Change<T>> changes(List<T> page) {
        Map<String, T> current = HashMap.newHashMap(page.size());
        page.forEach(resource -> current.put(name.apply(resource), resource));
        List<T> changed = page.stream()
                .filter(resource -> !resource.equals(known.get(name.apply(resource))))
                .toList();
        List<String> order = page.stream().map(name).toList();
        boolean same = sent && changed.isEmpty() && order.equals(names);
        known = current;
        names = order;
        sent = true;
        return same ? Optional.empty() : Optional.of(new Change<>(changed, order));
    }
}
