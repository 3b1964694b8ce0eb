package io.rootstock.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.schema.NumberTexts.Bound;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The conjunction of several schemas, keyword by keyword; references and allOf are resolved before. */
final class MergedSchema {
    private static final Set<Type> NUMERIC = Set.of(Type.NUMBER, Type.INTEGER);

    /** Location, for error messages. */
    final String path;

    /** Allowed types; empty without {@code type}. */
    Optional<Set<Type>> types = Optional.empty();
    /** Allowed values; empty without {@code enum} and {@code const}. */
    Optional<List<JsonNode>> values = Optional.empty();

    int minimumLength;
    int maximumLength = -1;
    final List<Located> patterns = new ArrayList<>();
    final List<Located> formats = new ArrayList<>();

    Optional<Bound> lowest = Optional.empty();
    Optional<Bound> highest = Optional.empty();
    final List<Factor> factors = new ArrayList<>();

    final List<Located> prefixes = new ArrayList<>();
    final List<Located> items = new ArrayList<>();
    int minimumItems;
    int maximumItems = -1;

    /** Declared properties in order, each with all its schemas. */
    final Map<String, List<Located>> properties = new LinkedHashMap<>();

    final Set<String> required = new LinkedHashSet<>();
    final List<Located> additional = new ArrayList<>();
    final List<Located> propertyNames = new ArrayList<>();
    int minimumProperties;
    int maximumProperties = -1;

    /** Whether one of the schemas is {@code false}. */
    boolean impossible;

    private final UnsupportedKeywords unsupported;
    private final Set<Type> constrained = EnumSet.noneOf(Type.class);

    MergedSchema(String path, UnsupportedKeywords unsupported) {
        this.path = path;
        this.unsupported = unsupported;
    }

    /** The factor of {@code multipleOf}. */
    record Factor(Located located, BigDecimal value) {}

    UnsupportedKeywords unsupported() {
        return unsupported;
    }

    /** Types that a value can have; without {@code type}, those that other keywords constrain, or all. */
    Set<Type> possibleTypes() {
        Set<Type> all = types.orElse(constrained.isEmpty() ? EnumSet.allOf(Type.class) : constrained);
        Set<Type> possible = new LinkedHashSet<>(all);
        if (possible.contains(Type.NUMBER)) {
            possible.remove(Type.INTEGER);
        }
        return possible;
    }

    boolean constrains(Type type) {
        return constrained.contains(type);
    }

    /** Merges the keywords of one schema, except references and combinations. */
    void add(Located located) {
        JsonNode schema = located.schema();
        if (schema.isBoolean()) {
            impossible |= !schema.booleanValue();
            return;
        }
        addTypes(located);
        addValues(located);
        addStrings(located);
        addNumbers(located);
        addArrays(located);
        MergedProperties.add(this, located);
    }

    void constrain(Type type) {
        constrained.add(type);
    }

    private void addTypes(Located located) {
        if (!located.schema().has("type")) {
            return;
        }
        JsonNode stated = located.schema().get("type");
        Set<Type> mine = new LinkedHashSet<>();
        for (JsonNode name : stated.isArray() ? stated : List.of(stated)) {
            mine.add(Type.of(name.asText())
                    .orElseThrow(() -> located.refused("type", name + " is not a type of JSON Schema")));
        }
        if (mine.isEmpty()) {
            throw located.refused("type", "names no type");
        }
        if (types.isPresent()) {
            Set<Type> both = new LinkedHashSet<>();
            for (Type type : mine) {
                boolean narrower = type == Type.INTEGER && types.get().contains(Type.NUMBER);
                if (types.get().contains(type) || narrower) {
                    both.add(type);
                } else if (type == Type.NUMBER && types.get().contains(Type.INTEGER)) {
                    both.add(Type.INTEGER);
                }
            }
            mine = both;
        }
        types = Optional.of(mine);
    }

    private void addValues(Located located) {
        for (String keyword : List.of("enum", "const")) {
            if (!located.schema().has(keyword)) {
                continue;
            }
            List<JsonNode> mine = new ArrayList<>();
            if (keyword.equals("enum")) {
                Keywords.list(located, keyword).forEach(mine::add);
            } else {
                mine.add(located.schema().get(keyword));
            }
            values = Optional.of(
                    values.map(before -> before.stream().filter(mine::contains).toList())
                            .orElse(mine));
        }
    }

    private void addStrings(Located located) {
        minimumLength = Math.max(minimumLength, Keywords.count(located, "minLength", 0, unsupported));
        maximumLength = smaller(maximumLength, Keywords.count(located, "maxLength", -1, unsupported));
        if (located.schema().has("pattern")) {
            patterns.add(located);
        }
        if (located.schema().has("format")) {
            formats.add(located);
        }
        if (hasAny(located, "minLength", "maxLength", "pattern", "format")) {
            constrain(Type.STRING);
        }
    }

    private void addNumbers(Located located) {
        for (String keyword : List.of("minimum", "exclusiveMinimum")) {
            Optional<Bound> bound = bound(located, keyword, "minimum");
            if (bound.isPresent()) {
                lowest =
                        lowest.filter(before -> tighter(before, bound.get(), 1)).or(() -> bound);
            }
        }
        for (String keyword : List.of("maximum", "exclusiveMaximum")) {
            Optional<Bound> bound = bound(located, keyword, "maximum");
            if (bound.isPresent()) {
                highest = highest.filter(before -> tighter(before, bound.get(), -1))
                        .or(() -> bound);
            }
        }
        if (located.schema().has("multipleOf")) {
            Optional<BigDecimal> factor = Keywords.number(located, "multipleOf", unsupported);
            if (factor.isPresent() && factor.get().signum() <= 0) {
                throw located.refused("multipleOf", "must be above 0");
            }
            factor.ifPresent(value -> factors.add(new Factor(located, value)));
        }
        if (hasAny(located, "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")) {
            NUMERIC.forEach(this::constrain);
        }
    }

    private Optional<Bound> bound(Located located, String keyword, String inclusive) {
        return located.schema().has(keyword)
                ? Keywords.number(located, keyword, unsupported)
                        .map(value -> new Bound(value, keyword.equals(inclusive)))
                : Optional.empty();
    }

    private static boolean tighter(Bound one, Bound other, int direction) {
        int compared = one.value().compareTo(other.value()) * direction;
        return compared > 0 || (compared == 0 && !one.included());
    }

    private void addArrays(Located located) {
        minimumItems = Math.max(minimumItems, Keywords.count(located, "minItems", 0, unsupported));
        maximumItems = smaller(maximumItems, Keywords.count(located, "maxItems", -1, unsupported));
        if (located.schema().has("items")) {
            if (located.schema().get("items").isArray()) {
                unsupported.found(located, "items", "must be one schema; use prefixItems for a list of schemas");
            } else {
                items.add(located);
            }
        }
        if (located.schema().has("prefixItems")) {
            Keywords.list(located, "prefixItems");
            prefixes.add(located);
        }
        if (hasAny(located, "minItems", "maxItems", "items", "prefixItems")) {
            constrain(Type.ARRAY);
        }
    }

    static boolean hasAny(Located located, String... keywords) {
        for (String keyword : keywords) {
            if (located.schema().has(keyword)) {
                return true;
            }
        }
        return false;
    }

    static int smaller(int one, int other) {
        return one < 0 ? other : other < 0 ? one : Math.min(one, other);
    }

    UnsupportedConstraintException refused(String reason) {
        return new UnsupportedConstraintException(path, reason);
    }

    /** Whether a number satisfies the bounds and is a multiple of every factor. */
    boolean admits(BigDecimal number) {
        return lowest.map(bound -> number.compareTo(bound.value()) > (bound.included() ? -1 : 0))
                        .orElse(true)
                && highest.map(bound -> number.compareTo(bound.value()) < (bound.included() ? 1 : 0))
                        .orElse(true)
                && factors.stream()
                        .allMatch(factor -> number.remainder(factor.value()).signum() == 0);
    }
}
