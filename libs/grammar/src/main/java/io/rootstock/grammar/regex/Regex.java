package io.rootstock.grammar.regex;

import java.util.Arrays;
import java.util.List;

/** A regular expression without anchors; it matches whole texts. */
public sealed interface Regex {
    /** Matches any text, including the empty one. */
    Regex ANYTHING = new Repeat(new Chars(CodePoints.ALL), 0, Repeat.UNBOUNDED);

    /** One character of a set. */
    record Chars(CodePoints set) implements Regex {}

    /** A concatenation; without parts, the empty text. */
    record Sequence(List<Regex> parts) implements Regex {}

    record Choice(List<Regex> options) implements Regex {}

    record Repeat(Regex body, int minimum, int maximum) implements Regex {
        public static final int UNBOUNDED = -1;
    }

    static Regex chars(int first, int last) {
        return new Chars(CodePoints.range(first, last));
    }

    static Regex text(String text) {
        return new Sequence(text.codePoints()
                .mapToObj(codePoint -> (Regex) new Chars(CodePoints.of(codePoint)))
                .toList());
    }

    static Regex sequence(Regex... parts) {
        return new Sequence(List.of(parts));
    }

    static Regex choice(Regex... options) {
        return new Choice(Arrays.asList(options));
    }

    static Regex optional(Regex body) {
        return new Repeat(body, 0, 1);
    }
}
