package io.rootstock.k8s.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A value for each combination of components; missing where the combination does not have it.
 *
 * @param cases combination to value
 */
record Variants(Map<Set<String>, JsonNode> cases) {
    /** Whether all combinations have the same value. */
    boolean areEqual() {
        return distinct(cases.values(), value -> value) == 1;
    }

    /** Whether the combinations agree on having the value, and on its kind. */
    boolean areAlike() {
        return distinct(cases.values(), JsonNode::getNodeType) == 1;
    }

    /** The value of the first combination. */
    JsonNode first() {
        return cases.values().iterator().next();
    }

    /** The values of a part, by a function that returns it from each value. */
    Variants map(Function<JsonNode, JsonNode> part) {
        Map<Set<String>, JsonNode> parts = new LinkedHashMap<>();
        cases.forEach((components, value) -> parts.put(components, part.apply(value)));
        return new Variants(parts);
    }

    /** Names of the fields of all objects, in order of their first appearance. */
    Set<String> fields() {
        Set<String> names = new LinkedHashSet<>();
        cases.values().forEach(value -> value.fieldNames().forEachRemaining(names::add));
        return names;
    }

    /** The combinations with, or without, a component. */
    Variants with(String component, boolean present) {
        Map<Set<String>, JsonNode> some = new LinkedHashMap<>();
        cases.forEach((components, value) -> {
            if (components.contains(component) == present) {
                some.put(components, value);
            }
        });
        return new Variants(some);
    }

    /**
     * The component that explains most of the differences.
     *
     * @throws IllegalStateException if none does
     */
    String split() {
        Function<JsonNode, Object> kind = areAlike() ? value -> value : JsonNode::getNodeType;
        Set<String> components = new LinkedHashSet<>();
        cases.keySet().forEach(components::addAll);
        String best = "";
        int fewest = Integer.MAX_VALUE;
        for (String component : components) {
            Variants with = with(component, true);
            Variants without = with(component, false);
            if (!with.cases().isEmpty() && !without.cases().isEmpty()) {
                int left = distinct(with.cases().values(), kind)
                        + distinct(without.cases().values(), kind);
                if (left < fewest) {
                    fewest = left;
                    best = component;
                }
            }
        }
        if (best.isEmpty()) {
            throw new IllegalStateException("no component explains the difference of " + cases);
        }
        return best;
    }

    /** Items of lists of all combinations by their identity, in an order that agrees with each list where possible. */
    List<Variants> items() {
        List<String> order = new ArrayList<>();
        for (JsonNode list : new LinkedHashSet<>(cases.values())) {
            int place = 0;
            for (JsonNode item : list) {
                String identity = identity(item);
                int known = order.indexOf(identity);
                if (known < 0) {
                    order.add(place, identity);
                    known = place;
                }
                place = known + 1;
            }
        }
        return order.stream().map(identity -> map(list -> item(list, identity))).toList();
    }

    private static JsonNode item(JsonNode list, String identity) {
        for (JsonNode item : list) {
            if (identity(item).equals(identity)) {
                return item;
            }
        }
        return MissingNode.getInstance();
    }

    private static String identity(JsonNode item) {
        for (String key : List.of("mountPath", "name", "topologyKey")) {
            if (item.path(key).isTextual()) {
                return key + "=" + item.path(key).asText();
            }
        }
        return item.toString();
    }

    private static int distinct(Iterable<JsonNode> values, Function<JsonNode, ?> kind) {
        Set<Object> distinct = new HashSet<>();
        values.forEach(value -> distinct.add(kind.apply(value)));
        return distinct.size();
    }
}
