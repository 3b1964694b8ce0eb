package io.rootstock.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import java.util.List;

/**
 * A schema and its location.
 *
 * @param path JSON pointer from the root
 * @param without keywords that were removed because they are handled elsewhere
 */
record Located(String path, String without, JsonNode schema) {
    Located(String path, JsonNode schema) {
        this(path, "", schema);
    }

    /** Key of the schema; equal keys mean equal schemas. */
    String key() {
        return path + without;
    }

    /** A copy without some keywords. */
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

    /** The schema that accepts every value. */
    static Located anything() {
        return new Located("true", BooleanNode.TRUE);
    }

    UnsupportedConstraintException refused(String keyword, String reason) {
        return new UnsupportedConstraintException(keyword.isEmpty() ? path : pathOf(keyword), reason);
    }
}
