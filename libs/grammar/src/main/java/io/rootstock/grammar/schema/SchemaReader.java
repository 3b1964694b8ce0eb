package io.rootstock.grammar.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Parses a schema, resolves references, and expands combinations. */
public final class SchemaReader {
    static final int MAX_SCHEMA_LENGTH = 512 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode root;
    private final UnsupportedKeywords unsupported;

    private SchemaReader(JsonNode root, UnsupportedKeywords unsupported) {
        this.root = root;
        this.unsupported = unsupported;
    }

    public static SchemaReader read(String schema, UnsupportedKeywords unsupported) {
        if (schema.length() > MAX_SCHEMA_LENGTH) {
            throw new UnsupportedConstraintException("", "a schema can have " + MAX_SCHEMA_LENGTH + " characters");
        }
        try {
            JsonNode root = JSON.readTree(schema);
            if (root.isMissingNode()) {
                throw new UnsupportedConstraintException("", "the schema is empty");
            }
            return new SchemaReader(root, unsupported);
        } catch (JsonProcessingException e) {
            throw new UnsupportedConstraintException("", "the schema is not JSON: " + e.getOriginalMessage());
        }
    }

    static String json(JsonNode value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was read cannot be written", e);
        }
    }

    static String json(String text) {
        return json(JSON.getNodeFactory().textNode(text));
    }

    UnsupportedKeywords unsupported() {
        return unsupported;
    }

    public Located root() {
        return new Located("", root);
    }

    /** Replaces references and allOf by their schemas. */
    List<Located> flattened(List<Located> schemas) {
        List<Located> flat = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Located located : schemas) {
            flatten(located, flat, seen, new LinkedHashSet<>());
        }
        return flat;
    }

    private void flatten(Located located, List<Located> flat, Set<String> seen, Set<String> chain) {
        if (!chain.add(located.path())) {
            throw located.refused("", "it refers to itself and to nothing else");
        }
        if (chain.size() > SchemaRules.MAX_DEPTH) {
            throw located.refused("", "references and allOf can be nested " + SchemaRules.MAX_DEPTH + " deep");
        }
        if (seen.add(located.key())) {
            Keywords.check(located, unsupported);
            flat.add(located.without("$ref", "allOf"));
            if (located.schema().has("$ref")) {
                Optional<Located> target = target(located);
                if (target.isPresent()) {
                    flatten(target.get(), flat, seen, chain);
                }
            }
            if (located.schema().has("allOf")) {
                for (int i = 0; i < Keywords.list(located, "allOf").size(); i++) {
                    flatten(located.at("allOf", i), flat, seen, chain);
                }
            }
        }
        chain.remove(located.path());
    }

    /** The schema that {@code $ref} refers to; empty if the reference is ignored. */
    private Optional<Located> target(Located located) {
        String reference = Keywords.text(located, "$ref");
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            unsupported.found(located, "$ref", "only references into the same schema (#/$defs/name) are supported");
            return Optional.empty();
        }
        String pointer;
        try {
            pointer = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw located.refused("$ref", "is not a valid reference: " + e.getMessage());
        }
        JsonNode found = root.at(pointer);
        if (found.isMissingNode()) {
            throw located.refused("$ref", "there is no " + reference);
        }
        return Optional.of(new Located(pointer, found));
    }

    /** Expands the first anyOf or oneOf among these schemas: one list per alternative, which replaces the keyword. */
    Optional<List<List<Located>>> alternatives(List<Located> schemas) {
        for (int i = 0; i < schemas.size(); i++) {
            Located located = schemas.get(i);
            for (String keyword : List.of("anyOf", "oneOf")) {
                if (located.schema().has(keyword)) {
                    return Optional.of(alternatives(schemas, i, keyword));
                }
            }
        }
        return Optional.empty();
    }

    private static List<List<Located>> alternatives(List<Located> schemas, int index, String keyword) {
        Located located = schemas.get(index);
        int count = Keywords.list(located, keyword).size();
        if (count == 0) {
            throw located.refused(keyword, "has no alternatives");
        }
        List<List<Located>> alternatives = new ArrayList<>();
        for (int choice = 0; choice < count; choice++) {
            List<Located> one = new ArrayList<>(schemas);
            one.set(index, located.without(keyword));
            one.add(located.at(keyword, choice));
            alternatives.add(one);
        }
        return alternatives;
    }
}
