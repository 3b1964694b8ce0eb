package io.rootstock.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/**
 * Strategic merge patches: fields are merged, null removes a field, and the items of the lists below are merged by their
 * key. Lists of objects without a known key are an error; lists of scalars are replaced.
 */
final class StrategicMerge {
    /** Merge keys of the API's lists, as in its OpenAPI document ({@code x-kubernetes-patch-merge-key}). */
    private static final Map<String, String> KEYS = Map.of(
            "containers", "name",
            "initContainers", "name",
            "env", "name",
            "volumes", "name",
            "volumeMounts", "mountPath",
            "topologySpreadConstraints", "topologyKey");

    private static final String DIRECTIVE = "$patch";

    private StrategicMerge() {}

    /** Whether the patch deletes the resource or item that it names. */
    static boolean deletes(JsonNode patch) throws IOException {
        JsonNode directive = patch.path(DIRECTIVE);
        if (!directive.isMissingNode() && !directive.asText().equals("delete")) {
            throw new IOException("unknown directive " + directive);
        }
        return !directive.isMissingNode();
    }

    /** Merges a patch into a document, which is changed. */
    static void apply(ObjectNode document, JsonNode patch) throws IOException {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (value.isNull()) {
                document.remove(name);
            } else if (value.isObject()) {
                apply(document.withObjectProperty(name), value);
            } else if (value.isArray() && !value.isEmpty() && value.path(0).isObject()) {
                items(document.withArrayProperty(name), value, key(name));
            } else {
                document.set(name, value.deepCopy());
            }
        }
    }

    private static String key(String list) throws IOException {
        String key = KEYS.get(list);
        if (key == null) {
            throw new IOException("list " + list + " has no known merge key");
        }
        return key;
    }

    private static void items(ArrayNode list, JsonNode patch, String key) throws IOException {
        for (JsonNode item : patch) {
            int index = index(list, key, item.path(key));
            if (deletes(item)) {
                if (index < 0) {
                    throw new IOException("no item with " + key + " " + item.path(key) + " to delete");
                }
                list.remove(index);
            } else if (index < 0) {
                apply(list.addObject(), item);
            } else {
                apply((ObjectNode) list.get(index), item);
            }
        }
    }

    private static int index(ArrayNode list, String key, JsonNode value) throws IOException {
        if (!value.isTextual()) {
            throw new IOException("an item of a patch has no " + key);
        }
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path(key).equals(value)) {
                return i;
            }
        }
        return -1;
    }
}
