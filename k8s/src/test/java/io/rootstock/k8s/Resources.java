package io.rootstock.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Resources of two tools in a form that is equal if the resources are. */
public final class Resources {
    private Resources() {}

    /** Returns the resources by kind and name; the order of documents and of objects in lists does not count. */
    public static Map<String, Object> byName(List<? extends JsonNode> documents) {
        Map<String, Object> resources = new TreeMap<>();
        for (JsonNode document : documents) {
            resources.put(
                    document.path("kind").asText() + "/"
                            + document.at("/metadata/name").asText(),
                    withoutOrder(document));
        }
        return resources;
    }

    /** Lists of objects become sets, because patches may insert items at either end. */
    private static Object withoutOrder(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), withoutOrder(field.getValue())));
            return fields;
        }
        if (node.isArray()) {
            List<Object> items = new ArrayList<>();
            node.forEach(item -> items.add(withoutOrder(item)));
            return node.path(0).isObject() ? Set.copyOf(items) : items;
        }
        return node;
    }
}
