package io.rootstock.grammar.schema;

import io.rootstock.grammar.gbnf.GrammarRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Converts schemas to rules: one rule for each set of schemas that a value must satisfy together. */
public final class SchemaRules {
    static final int MAX_DEPTH = 100;
    static final int MAX_ALTERNATIVES = 500;

    private final SchemaReader reader;
    private final GrammarRules rules;
    private final JsonRules json;
    private final ScalarRules scalars;
    private final Map<String, String> compiled = new HashMap<>();
    private int depth;
    private int alternatives;

    public SchemaRules(SchemaReader reader, GrammarRules rules) {
        this.reader = reader;
        this.rules = rules;
        this.json = new JsonRules(rules);
        this.scalars = new ScalarRules(rules, json);
    }

    GrammarRules rules() {
        return rules;
    }

    JsonRules json() {
        return json;
    }

    ScalarRules scalars() {
        return scalars;
    }

    SchemaReader reader() {
        return reader;
    }

    /** The rule of a value that satisfies all of these schemas; shared by all uses of an equal set. */
    public String rule(List<Located> schemas) {
        List<Located> flat = reader.flattened(schemas);
        String key = flat.stream().map(Located::key).sorted().distinct().reduce("", (a, b) -> a + " " + b);
        String known = compiled.get(key);
        if (known != null) {
            return known;
        }
        if (++depth > MAX_DEPTH) {
            throw flat.getFirst().refused("", "schemas can be nested " + MAX_DEPTH + " deep");
        }
        String name = rules.fresh("v");
        compiled.put(key, name);
        rules.reserve(name);
        rules.define(name, body(flat));
        depth--;
        return name;
    }

    private String body(List<Located> flat) {
        var choices = reader.alternatives(flat);
        if (choices.isPresent()) {
            alternatives += choices.get().size();
            if (alternatives > MAX_ALTERNATIVES) {
                throw flat.getFirst().refused("", "anyOf and oneOf multiply to more than " + MAX_ALTERNATIVES);
            }
            return String.join(
                    " | ", choices.get().stream().map(this::rule).distinct().toList());
        }
        MergedSchema merged = new MergedSchema(flat.getFirst().path(), reader.unsupported());
        flat.forEach(merged::add);
        return body(merged);
    }

    private String body(MergedSchema merged) {
        if (merged.impossible) {
            throw merged.refused("nothing can satisfy it");
        }
        if (merged.values.isPresent()) {
            return scalars.values(merged);
        }
        Set<Type> types = merged.possibleTypes();
        if (types.isEmpty()) {
            throw merged.refused("no type satisfies all that is demanded");
        }
        if (types.size() >= Type.values().length - 1 && types.stream().noneMatch(merged::constrains)) {
            return json.value();
        }
        List<String> options = new ArrayList<>();
        for (Type type : types) {
            options.add(
                    switch (type) {
                        case OBJECT -> merged.constrains(type) ? new ObjectRules(this, merged).rule() : json.object();
                        case ARRAY -> merged.constrains(type) ? new ArrayRules(this, merged).rule() : json.array();
                        case STRING -> merged.constrains(type) ? scalars.string(merged) : json.string();
                        case NUMBER -> merged.constrains(type) ? scalars.number(merged) : json.number();
                        case INTEGER -> merged.constrains(type) ? scalars.integer(merged) : json.integer();
                        case BOOLEAN -> json.bool();
                        case NULL -> json.nothing();
                    });
        }
        return String.join(" | ", options);
    }
}
