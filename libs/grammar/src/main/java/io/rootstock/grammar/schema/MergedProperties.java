package io.rootstock.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Merges the object keywords of a schema into a {@link MergedSchema}. */
final class MergedProperties {
    private MergedProperties() {}

    static void add(MergedSchema merged, Located located) {
        JsonNode schema = located.schema();
        Map<String, Located> mine = new LinkedHashMap<>();
        if (schema.has("properties")) {
            Keywords.object(located, "properties")
                    .fieldNames()
                    .forEachRemaining(name -> mine.put(name, located.at("properties", name)));
        }
        // A property declared in one schema must satisfy the other schema's additionalProperties.
        for (Map.Entry<String, List<Located>> before : merged.properties.entrySet()) {
            if (!mine.containsKey(before.getKey()) && schema.has("additionalProperties")) {
                before.getValue().add(located.at("additionalProperties"));
            }
        }
        mine.forEach((name, property) -> {
            List<Located> demands = merged.properties.get(name);
            if (demands == null) {
                demands = new ArrayList<>(merged.additional);
                merged.properties.put(name, demands);
            }
            demands.add(property);
        });
        if (schema.has("additionalProperties")) {
            merged.additional.add(located.at("additionalProperties"));
        }
        if (schema.has("required")) {
            for (JsonNode name : Keywords.list(located, "required")) {
                if (!name.isTextual()) {
                    throw located.refused("required", "must be a list of names");
                }
                merged.required.add(name.textValue());
            }
        }
        if (schema.has("propertyNames")) {
            merged.propertyNames.add(located.at("propertyNames"));
        }
        merged.minimumProperties =
                Math.max(merged.minimumProperties, Keywords.count(located, "minProperties", 0, merged.unsupported()));
        merged.maximumProperties = MergedSchema.smaller(
                merged.maximumProperties, Keywords.count(located, "maxProperties", -1, merged.unsupported()));
        if (MergedSchema.hasAny(
                located,
                "properties",
                "required",
                "additionalProperties",
                "propertyNames",
                "minProperties",
                "maxProperties")) {
            merged.constrain(Type.OBJECT);
        }
    }
}
