package io.rootstock.grammar.gbnf;

import io.rootstock.grammar.regex.CodePoints;
import java.util.List;
import java.util.Map;

/**
 * A parsed grammar: rules by name; each has alternatives, each a sequence of parts.
 *
 * @param rules rules in the order of the text
 */
record Gbnf(Map<String, List<List<Gbnf.Part>>> rules) {
    /** An element of a sequence. */
    sealed interface Part {}

    /** A sequence of characters. */
    record Literal(List<Integer> codePoints) implements Part {}

    /** One character inside the ranges, or outside of them if negated. */
    record Characters(List<CodePoints.Range> ranges, boolean negated) implements Part {
        boolean matches(int codePoint) {
            return ranges.stream().anyMatch(range -> range.first() <= codePoint && codePoint <= range.last())
                    != negated;
        }
    }

    /** One token of the vocabulary, independent of its text. */
    record Token(String name) implements Part {}

    /** A reference to a rule. */
    record Reference(String rule) implements Part {}

    /** A group: alternatives in parentheses. */
    record Group(List<List<Part>> alternatives) implements Part {}

    /** A repetition; maximum -1 is unbounded. */
    record Repeat(Part body, int minimum, int maximum) implements Part {}
}
