package io.rootstock.inference.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A schema and where it stands.
 *
 * @param path JSON pointer from the root
 * @param without keywords that were taken out since they are dealt with elsewhere
 */
record Located(String path, String without, JsonNode schema) {
    Located(String path, JsonNode schema) {
        this(path, "", schema);
    }

    /** The same key: the same demands. */
    String key() {
        return path + without;
    }

    /** The same without some keywords. */
    Located without(String... keywords) {
        if (!MergedSchema.hasAny(this, keywords)) {
            return this;
        }
        ObjectNode rest = schema.deepCopy();
        rest.remove(List.of(keywords));
        return new Located(path, without + "-" + String.join("-", keywords), rest);
    }

    Located at(String keyword) {
        return new Located(pathOf(keyword), schema.get(keyword));
    }

    Located at(String keyword, String name) {
        return new Located(
                pathOf(keyword) + "/" + name.replace("~", "~0").replace("/", "~1"),
                schema.get(keyword).get(name));
    }

    Located at(String keyword, int index) {
        return new Located(pathOf(keyword) + "/" + index, schema.get(keyword).get(index));
    }

    String pathOf(String keyword) {
        return path + "/" + keyword;
    }

    /** The schema that everything satisfies. */
    static Located anything() {
        return new Located("true", BooleanNode.TRUE);
    }

    UnsupportedConstraintException refused(String keyword, String reason) {
        return new UnsupportedConstraintException(keyword.isEmpty() ? path : pathOf(keyword), reason);
    }
}
