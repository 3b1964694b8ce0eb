package io.rootstock.grammar.schema;

import io.rootstock.grammar.gbnf.GrammarRules;
import java.util.ArrayList;
import java.util.List;

/** Rules of an array: the items of prefixItems, then all others. */
final class ArrayRules {
    private final SchemaRules schemas;
    private final GrammarRules rules;
    private final String space;
    private final MergedSchema merged;

    ArrayRules(SchemaRules schemas, MergedSchema merged) {
        this.schemas = schemas;
        this.rules = schemas.rules();
        this.space = schemas.json().space();
        this.merged = merged;
    }

    String rule() {
        int prefix = merged.prefixes.stream()
                .mapToInt(located -> located.schema().get("prefixItems").size())
                .max()
                .orElse(0);
        boolean closed = merged.items.stream()
                        .anyMatch(located -> located.schema().get("items").isBoolean()
                                && !located.schema().get("items").booleanValue())
                || (prefix > 0 && merged.items.isEmpty());
        int most = closed ? MergedSchema.smaller(prefix, merged.maximumItems) : merged.maximumItems;
        if (most >= 0 && merged.minimumItems > most) {
            throw merged.refused("at least " + merged.minimumItems + " items and at most " + most);
        }
        if (most == 0) {
            return "\"[\" " + space + " \"]\"";
        }
        List<String> items = new ArrayList<>();
        for (int i = 0; i < prefix && (most < 0 || i < most); i++) {
            items.add(schemas.rule(demands(i)));
        }
        String others = most >= 0 && items.size() == most ? null : schemas.rule(demands(prefix));
        if (items.isEmpty()) {
            String list = others + " " + tail(others, Math.max(merged.minimumItems - 1, 0), most < 0 ? -1 : most - 1);
            return merged.minimumItems > 0
                    ? "\"[\" " + space + " " + list + " " + space + " \"]\""
                    : "\"[\" " + space + " (" + list + " " + space + ")? \"]\"";
        }
        String after = others == null
                ? "\"\""
                : tail(others, Math.max(merged.minimumItems - prefix, 0), most < 0 ? -1 : most - prefix);
        for (int i = items.size() - 1; i >= 0; i--) {
            String item = (i == 0 ? "" : "\",\" " + space + " ") + items.get(i) + " " + rules.rule("items", after);
            after = i >= merged.minimumItems ? "\"\" | " + item : item;
        }
        return "\"[\" " + space + " " + rules.rule("items", after) + " " + space + " \"]\"";
    }

    /** Further items, each after a comma. */
    private String tail(String item, int minimum, int maximum) {
        if (maximum == 0) {
            return "\"\"";
        }
        return rules.repeated(rules.rule("more", "\",\" " + space + " " + item), minimum, maximum);
    }

    /** All schemas that the item at an index must satisfy. */
    private List<Located> demands(int index) {
        List<Located> demands = new ArrayList<>();
        for (Located located : merged.prefixes) {
            if (index < located.schema().get("prefixItems").size()) {
                demands.add(located.at("prefixItems", index));
            }
        }
        for (Located located : merged.items) {
            boolean own = located.schema().has("prefixItems")
                    && index < located.schema().get("prefixItems").size();
            if (!own) {
                demands.add(located.at("items"));
            }
        }
        if (demands.isEmpty()) {
            demands.add(Located.anything());
        }
        return demands;
    }
}
