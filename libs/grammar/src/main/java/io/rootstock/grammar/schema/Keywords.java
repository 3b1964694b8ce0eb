package io.rootstock.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.rootstock.grammar.gbnf.GrammarRules;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Supported keywords of JSON Schema and the JSON type that each requires; other keywords are rejected by name.
 * docs/reference/openai-api.md lists them.
 */
final class Keywords {
    /** Keywords without constraint; ignored. */
    static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$comment",
            "$schema",
            "$defs",
            "definitions",
            "contentMediaType",
            "contentEncoding",
            "contentSchema",
            "discriminator");

    /** Keywords that are enforced. */
    static final Set<String> ENFORCED = Set.of(
            "type",
            "enum",
            "const",
            "$ref",
            "allOf",
            "anyOf",
            "oneOf",
            "properties",
            "required",
            "additionalProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "pattern",
            "format",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf");

    private static final Map<String, String> REMEDIES = Map.of(
            "nullable", "write \"type\": [..., \"null\"]",
            "additionalItems", "use prefixItems and items",
            "dependencies", "use anyOf",
            "dependentRequired", "use anyOf",
            "dependentSchemas", "use anyOf",
            "if", "use anyOf",
            "not", "say what is allowed instead");

    private Keywords() {}

    /** Handles the keywords of a schema that are not enforced. */
    static void check(Located located, UnsupportedKeywords unsupported) {
        JsonNode schema = located.schema();
        if (schema.isBoolean()) {
            return;
        }
        if (!schema.isObject()) {
            throw located.refused("", "a schema must be an object or a boolean");
        }
        schema.fieldNames().forEachRemaining(keyword -> {
            boolean ignored = ANNOTATIONS.contains(keyword)
                    || keyword.startsWith("x-")
                    || (keyword.equals("$id") && located.path().isEmpty())
                    || (keyword.equals("uniqueItems") && schema.get(keyword).equals(BooleanNode.FALSE));
            if (!ignored && !ENFORCED.contains(keyword)) {
                String remedy = REMEDIES.get(keyword);
                unsupported.found(
                        located,
                        keyword,
                        "the keyword " + keyword + " is not supported" + (remedy == null ? "" : ": " + remedy));
            }
        });
    }

    /** A count; {@code otherwise} without the keyword. */
    static int count(Located located, String keyword, int otherwise, UnsupportedKeywords unsupported) {
        if (!located.schema().has(keyword)) {
            return otherwise;
        }
        Optional<BigDecimal> number = number(located, keyword, unsupported);
        if (number.isEmpty()) {
            return otherwise;
        }
        BigDecimal value = number.get();
        if (value.signum() < 0 || value.stripTrailingZeros().scale() > 0) {
            throw located.refused(keyword, "must be a whole number from 0, was " + value.toPlainString());
        }
        if (value.compareTo(BigDecimal.valueOf(GrammarRules.MAX_COUNT)) > 0) {
            unsupported.found(
                    located, keyword, "counts go up to " + GrammarRules.MAX_COUNT + ", was " + value.toPlainString());
            return otherwise;
        }
        return value.intValue();
    }

    /** A number; empty if it is too large and the keyword is ignored. */
    static Optional<BigDecimal> number(Located located, String keyword, UnsupportedKeywords unsupported) {
        JsonNode value = located.schema().get(keyword);
        if (value.isBoolean() && keyword.startsWith("exclusive")) {
            unsupported.found(located, keyword, "must be a number: booleans, as in draft 4, are not supported");
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw located.refused(keyword, "must be a number");
        }
        BigDecimal number = value.decimalValue();
        if (Math.abs((long) number.scale()) > 40 || number.abs().compareTo(new BigDecimal(NumberTexts.MAX_BOUND)) > 0) {
            unsupported.found(located, keyword, "bounds go up to " + NumberTexts.MAX_BOUND);
            return Optional.empty();
        }
        return Optional.of(number);
    }

    static String text(Located located, String keyword) {
        JsonNode value = located.schema().get(keyword);
        if (!value.isTextual()) {
            throw located.refused(keyword, "must be a text");
        }
        return value.textValue();
    }

    static JsonNode list(Located located, String keyword) {
        JsonNode value = located.schema().get(keyword);
        if (!value.isArray()) {
            throw located.refused(keyword, "must be a list");
        }
        return value;
    }

    static JsonNode object(Located located, String keyword) {
        JsonNode value = located.schema().get(keyword);
        if (!value.isObject()) {
            throw located.refused(keyword, "must be an object");
        }
        return value;
    }
}
