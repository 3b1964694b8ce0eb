package io.rootstock.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.gbnf.AutomatonRules;
import io.rootstock.grammar.gbnf.GrammarRules;
import io.rootstock.grammar.regex.Automaton;
import io.rootstock.grammar.regex.CodePoints;
import io.rootstock.grammar.regex.Regex;
import io.rootstock.grammar.regex.RegexParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Rules of strings, numbers and enumerated values. */
final class ScalarRules {
    static final int MAX_VALUES = 2000;

    private final GrammarRules rules;
    private final JsonRules json;
    private final AutomatonRules automata;

    ScalarRules(GrammarRules rules, JsonRules json) {
        this.rules = rules;
        this.json = json;
        this.automata = new AutomatonRules(rules);
    }

    /** One of the values of enum or const that satisfies the other keywords of the schema too. */
    String values(MergedSchema merged) {
        List<JsonNode> stated = merged.values.orElseThrow();
        if (stated.size() > MAX_VALUES) {
            throw merged.refused("there can be " + MAX_VALUES + " values, not " + stated.size());
        }
        Optional<Automaton> strings = stringAutomaton(merged);
        List<JsonNode> fitting =
                stated.stream().filter(value -> fits(merged, value, strings)).toList();
        if (fitting.isEmpty()) {
            throw merged.refused("none of the listed values satisfies the rest of the schema");
        }
        return automata.choices(fitting.stream().map(SchemaReader::json).toList(), "value");
    }

    private static boolean fits(MergedSchema merged, JsonNode value, Optional<Automaton> strings) {
        Set<Type> types = merged.types.orElse(Set.of(Type.values()));
        if (types.stream().noneMatch(type -> type.holds(value))) {
            return false;
        }
        if (value.isTextual()) {
            return strings.map(automaton -> automaton.matches(value.textValue()))
                    .orElse(true);
        }
        if (value.isNumber()) {
            return merged.admits(value.decimalValue());
        }
        if ((value.isObject() && merged.constrains(Type.OBJECT))
                || (value.isArray() && merged.constrains(Type.ARRAY))) {
            throw merged.refused("listed objects and arrays cannot be demanded to satisfy other keywords too");
        }
        return true;
    }

    /** A string with a pattern, a format or a length. */
    String string(MergedSchema merged) {
        requireLengths(merged);
        Optional<Automaton> described = described(merged);
        return described.isEmpty()
                ? "\"\\\"\" " + rules.repeated(json.character(), merged.minimumLength, merged.maximumLength)
                        + " \"\\\"\""
                : automata.quoted(
                        satisfiable(merged, withLengths(merged, described).orElseThrow()), "text");
    }

    /** The decoded texts that the string keywords allow; empty without such keywords. */
    Optional<Automaton> stringAutomaton(MergedSchema merged) {
        requireLengths(merged);
        return withLengths(merged, described(merged));
    }

    /** The texts that patterns and formats allow; empty without them. */
    private static Optional<Automaton> described(MergedSchema merged) {
        Optional<Automaton> texts = Optional.empty();
        for (Located located : merged.patterns) {
            String where = located.pathOf("pattern");
            String pattern = Keywords.text(located, "pattern");
            texts = both(merged, texts, where, () -> RegexParser.found(where, pattern));
        }
        for (Located located : merged.formats) {
            String where = located.pathOf("format");
            String format = Keywords.text(located, "format");
            texts = both(
                    merged,
                    texts,
                    where,
                    () -> Formats.of(where, format)
                            .orElseThrow(() -> new UnsupportedConstraintException(
                                    where,
                                    "the format " + format + " is not supported, these are: " + Formats.names())));
        }
        return texts;
    }

    private static Optional<Automaton> withLengths(MergedSchema merged, Optional<Automaton> texts) {
        if (merged.minimumLength == 0 && merged.maximumLength < 0) {
            return texts;
        }
        String where = merged.path + (merged.maximumLength < 0 ? "/minLength" : "/maxLength");
        Regex any = new Regex.Chars(CodePoints.ALL);
        return both(merged, texts, where, () -> new Regex.Repeat(any, merged.minimumLength, merged.maximumLength));
    }

    /**
     * The texts that match an expression too; the same texts if the expression cannot be enforced and is ignored.
     *
     * @param pointer the keyword of the expression
     */
    private static Optional<Automaton> both(
            MergedSchema merged, Optional<Automaton> texts, String pointer, Supplier<Regex> expression) {
        try {
            Automaton other = Automaton.of(pointer, expression.get());
            return Optional.of(texts.map(one -> one.and(merged.path, other)).orElse(other));
        } catch (UnsupportedConstraintException e) {
            merged.unsupported().found(pointer, e);
            return texts;
        }
    }

    private static void requireLengths(MergedSchema merged) {
        if (merged.maximumLength >= 0 && merged.minimumLength > merged.maximumLength) {
            throw merged.refused(
                    "minLength " + merged.minimumLength + " is more than maxLength " + merged.maximumLength);
        }
    }

    private static Automaton satisfiable(MergedSchema merged, Automaton automaton) {
        if (automaton.isEmpty()) {
            throw merged.refused("no text satisfies all that is demanded");
        }
        return automaton;
    }

    /** An integer with bounds or a factor. */
    String integer(MergedSchema merged) {
        BigInteger lowest = merged.lowest
                .map(bound -> bound.value().setScale(0, RoundingMode.CEILING).toBigInteger())
                .map(value -> merged.admits(new BigDecimal(value)) || !onBound(merged.lowest, value)
                        ? value
                        : value.add(BigInteger.ONE))
                .orElse(null);
        BigInteger highest = merged.highest
                .map(bound -> bound.value().setScale(0, RoundingMode.FLOOR).toBigInteger())
                .map(value -> merged.admits(new BigDecimal(value)) || !onBound(merged.highest, value)
                        ? value
                        : value.subtract(BigInteger.ONE))
                .orElse(null);
        BigInteger most = NumberTexts.MAX;
        BigInteger from = lowest != null
                ? lowest
                : highest != null && highest.compareTo(most.negate()) < 0
                        ? NumberTexts.MAX_BOUND.negate()
                        : most.negate();
        BigInteger to =
                highest != null ? highest : lowest != null && lowest.compareTo(most) > 0 ? NumberTexts.MAX_BOUND : most;
        if (from.compareTo(to) > 0) {
            throw merged.refused("no whole number is between the bounds");
        }
        Automaton automaton = Automaton.of(merged.path, NumberTexts.integers(from, to));
        for (MergedSchema.Factor factor : merged.factors) {
            automaton = multiples(merged, automaton, factor);
        }
        return automata.plain(satisfiable(merged, automaton), "int");
    }

    private static Automaton multiples(MergedSchema merged, Automaton integers, MergedSchema.Factor factor) {
        if (factor.value().stripTrailingZeros().scale() > 0) {
            merged.unsupported().found(factor.located(), "multipleOf", "the factor of a whole number must be whole");
            return integers;
        }
        String where = factor.located().pathOf("multipleOf");
        try {
            return integers.and(
                    where, NumberTexts.multiples(where, factor.value().toBigIntegerExact()));
        } catch (UnsupportedConstraintException e) {
            merged.unsupported().found(where, e);
            return integers;
        }
    }

    /** Whether the value equals an exclusive bound. */
    private static boolean onBound(Optional<NumberTexts.Bound> bound, BigInteger value) {
        return bound.filter(stated -> !stated.included() && stated.value().compareTo(new BigDecimal(value)) == 0)
                .isPresent();
    }

    /** A number with bounds, or with a power of ten as its factor. */
    String number(MergedSchema merged) {
        int fractionDigits = NumberTexts.FRACTION_DIGITS;
        for (MergedSchema.Factor stated : merged.factors) {
            BigDecimal factor = stated.value().stripTrailingZeros();
            if (factor.scale() <= 0 && factor.signum() > 0) {
                // Multiples of an integer are integers.
                return integer(merged);
            }
            if (factor.compareTo(BigDecimal.ONE.movePointLeft(factor.scale())) != 0) {
                merged.unsupported()
                        .found(stated.located(), "multipleOf", "a factor must be whole or 0.1, 0.01 and so on");
            } else {
                fractionDigits = Math.min(fractionDigits, factor.scale());
            }
        }
        List<Automaton> parts = NumberTexts.decimals(merged.path, merged.lowest, merged.highest, fractionDigits);
        if (parts.isEmpty()) {
            throw merged.refused("no number is between the bounds");
        }
        return String.join(
                " | ", parts.stream().map(part -> automata.plain(part, "num")).toList());
    }
}
