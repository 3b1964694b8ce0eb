package io.rootstock.inference.constraint;

import java.util.List;
import java.util.Map;

/**
 * A grammar as it was read: rules by name, each with its alternatives, each a sequence of parts.
 *
 * @param rules rules in the order of the text
 */
record Gbnf(Map<String, List<List<Gbnf.Part>>> rules) {
    /** A piece of a sequence. */
    sealed interface Part {}

    /** Characters one after the other. */
    record Literal(List<Integer> codePoints) implements Part {}

    /** One character in one of the ranges, or in none of them. */
    record Characters(List<CodePoints.Range> ranges, boolean negated) implements Part {
        boolean matches(int codePoint) {
            return ranges.stream().anyMatch(range -> range.first() <= codePoint && codePoint <= range.last())
                    != negated;
        }
    }

    /** One token of the vocabulary, whatever its text. */
    record Token(String name) implements Part {}

    /** Another rule. */
    record Reference(String rule) implements Part {}

    /** Alternatives in parentheses. */
    record Group(List<List<Part>> alternatives) implements Part {}

    /** At least and at most so often; -1: no limit. */
    record Repeat(Part body, int minimum, int maximum) implements Part {}
}
