package io.rootstock.grammar.schema;

import io.rootstock.grammar.gbnf.AutomatonRules;
import io.rootstock.grammar.gbnf.GrammarRules;
import io.rootstock.grammar.regex.Automaton;
import io.rootstock.grammar.regex.CodePoints;
import io.rootstock.grammar.regex.Regex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules of an object: declared properties in order, optional ones present or not, then others as
 * {@code additionalProperties} allows. If properties are declared and {@code additionalProperties} is unset, no others
 * are generated.
 */
final class ObjectRules {
    private final SchemaRules schemas;
    private final GrammarRules rules;
    private final String space;
    private final MergedSchema merged;

    ObjectRules(SchemaRules schemas, MergedSchema merged) {
        this.schemas = schemas;
        this.rules = schemas.rules();
        this.space = schemas.json().space();
        this.merged = merged;
    }

    String rule() {
        Optional<Automaton> names = nameAutomaton();
        Map<String, List<Located>> declared = declared(names);
        boolean open = !impossible(merged.additional) && (!merged.additional.isEmpty() || merged.properties.isEmpty());
        requireCounts(declared, open);
        String others = open ? others(names, declared.keySet()) : null;
        if (declared.isEmpty()) {
            return pureMap(others);
        }
        String first = others == null ? "\"\"" : "\"\" | " + others + " " + more(others, 0, -1);
        String after = others == null ? "\"\"" : more(others, 0, -1);
        List<Map.Entry<String, List<Located>>> entries = new ArrayList<>(declared.entrySet());
        for (Map.Entry<String, List<Located>> entry : entries.reversed()) {
            String pair = pair(entry.getKey(), entry.getValue());
            boolean required = merged.required.contains(entry.getKey());
            String rest = rules.rule("rest", after);
            String next = pair + " " + rest;
            first = required ? next : next + " | " + rules.rule("first", first);
            after = "\",\" " + space + " " + next + (required ? "" : " | " + rest);
        }
        return "\"{\" " + space + " " + rules.rule("first", first) + " " + space + " \"}\"";
    }

    /** An object without declared properties. */
    private String pureMap(String others) {
        if (others == null || merged.maximumProperties == 0) {
            return "\"{\" " + space + " \"}\"";
        }
        int most = merged.maximumProperties;
        String list = others + " " + more(others, 0, most < 0 ? -1 : most - 1);
        return merged.minimumProperties > 0
                ? "\"{\" " + space + " " + list + " " + space + " \"}\""
                : "\"{\" " + space + " (" + list + " " + space + ")? \"}\"";
    }

    private void requireCounts(Map<String, List<Located>> declared, boolean open) {
        int required = merged.required.size();
        if (merged.minimumProperties > Math.max(required, declared.isEmpty() && open ? 1 : 0)) {
            merged.unsupported()
                    .found(
                            merged.path + "/minProperties",
                            merged.refused("minProperties is supported up to the number of required properties,"
                                    + " or up to 1 where none is declared; was " + merged.minimumProperties));
        }
        boolean bounded = merged.maximumProperties >= 0 && !declared.isEmpty();
        if (bounded && (open || declared.size() > merged.maximumProperties)) {
            merged.unsupported()
                    .found(
                            merged.path + "/maxProperties",
                            merged.refused("maxProperties is supported where no property is declared,"
                                    + " or where no more than that are declared and no others allowed"));
        }
    }

    /** Properties that can be present; required properties that are not declared come last. */
    private Map<String, List<Located>> declared(Optional<Automaton> names) {
        Map<String, List<Located>> all = new LinkedHashMap<>(merged.properties);
        for (String name : merged.required) {
            all.computeIfAbsent(
                    name, _ -> merged.additional.isEmpty() ? List.of(Located.anything()) : merged.additional);
        }
        Map<String, List<Located>> possible = new LinkedHashMap<>();
        all.forEach((name, demands) -> {
            boolean allowed =
                    !impossible(demands) && names.map(set -> set.matches(name)).orElse(true);
            if (allowed) {
                possible.put(name, demands);
            } else if (merged.required.contains(name)) {
                throw merged.refused("the property " + name + " is required and not allowed");
            }
        });
        return possible;
    }

    private static boolean impossible(List<Located> demands) {
        return demands.stream()
                .anyMatch(located ->
                        located.schema().isBoolean() && !located.schema().booleanValue());
    }

    private String pair(String name, List<Located> demands) {
        return GrammarRules.literal(SchemaReader.json(name) + ":") + " " + space + " " + schemas.rule(demands);
    }

    /** A property that is not declared; its name differs from all declared names. */
    private String others(Optional<Automaton> names, Set<String> declared) {
        Set<String> taken = new LinkedHashSet<>(declared);
        taken.addAll(merged.properties.keySet());
        String key;
        if (names.isEmpty() && taken.isEmpty()) {
            key = schemas.json().string();
        } else {
            Automaton automaton = names.orElseGet(() -> Automaton.of(
                    merged.path,
                    new Regex.Repeat(
                            new Regex.Chars(AutomatonRules.UNESCAPED.minus(CodePoints.range(0x7F, 0x9F))),
                            0,
                            Regex.Repeat.UNBOUNDED)));
            for (String name : taken) {
                automaton = automaton.minus(merged.path, Automaton.of(merged.path, Regex.text(name)));
            }
            if (automaton.isEmpty()) {
                throw merged.refused("no name is left for additional properties");
            }
            key = new AutomatonRules(rules).quoted(automaton, "name");
        }
        List<Located> demands = merged.additional.isEmpty() ? List.of(Located.anything()) : merged.additional;
        return rules.rule("pair", key + " \":\" " + space + " " + schemas.rule(demands));
    }

    private String more(String others, int minimum, int maximum) {
        return maximum == 0
                ? "\"\""
                : rules.repeated(rules.rule("more", "\",\" " + space + " " + others), minimum, maximum);
    }

    private Optional<Automaton> nameAutomaton() {
        if (merged.propertyNames.isEmpty()) {
            return Optional.empty();
        }
        List<Located> flat = schemas.reader().flattened(merged.propertyNames);
        MergedSchema names = new MergedSchema(flat.getFirst().path(), merged.unsupported());
        flat.forEach(names::add);
        if (schemas.reader().alternatives(flat).isPresent()) {
            merged.unsupported().found(names.path, names.refused("propertyNames cannot have alternatives"));
            return Optional.empty();
        }
        Optional<Automaton> listed = names.values.map(values -> Automaton.of(
                names.path,
                new Regex.Choice(values.stream()
                        .filter(value -> value.isTextual())
                        .map(value -> Regex.text(value.textValue()))
                        .toList())));
        Optional<Automaton> described = schemas.scalars().stringAutomaton(names);
        return listed.isPresent() && described.isPresent()
                ? Optional.of(listed.get().and(names.path, described.get()))
                : listed.or(() -> described);
    }
}
