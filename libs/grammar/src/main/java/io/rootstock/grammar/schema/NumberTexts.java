package io.rootstock.grammar.schema;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.regex.Automaton;
import io.rootstock.grammar.regex.CodePoints;
import io.rootstock.grammar.regex.Regex;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Regular expressions and automata of bounded numbers, as JSON numbers without exponent. */
final class NumberTexts {
    /** Integers without a bound have at most 16 digits, which a double represents exactly or almost exactly. */
    static final BigInteger MAX = BigInteger.TEN.pow(16).subtract(BigInteger.ONE);

    static final BigInteger MAX_BOUND = BigInteger.TEN.pow(18).subtract(BigInteger.ONE);
    static final int FRACTION_DIGITS = 16;
    private static final int MAX_FACTOR = 1000;

    private static final Regex DIGIT = Regex.chars('0', '9');
    private static final Regex NOTHING = new Regex.Chars(CodePoints.NONE);

    private NumberTexts() {}

    /** A bound of a number, inclusive or exclusive. */
    record Bound(BigDecimal value, boolean included) {}

    /** Integers from lowest to highest, both included. */
    static Regex integers(BigInteger lowest, BigInteger highest) {
        List<Regex> parts = new ArrayList<>();
        if (lowest.signum() < 0) {
            BigInteger least = highest.signum() < 0 ? highest.negate() : BigInteger.ONE;
            parts.add(Regex.sequence(Regex.text("-"), magnitudes(least, lowest.negate())));
        }
        if (highest.signum() >= 0) {
            parts.add(magnitudes(lowest.max(BigInteger.ZERO), highest));
        }
        return new Regex.Choice(parts);
    }

    private static Regex magnitudes(BigInteger from, BigInteger to) {
        List<Regex> byLength = new ArrayList<>();
        String last = to.toString();
        for (int length = from.toString().length(); length <= last.length(); length++) {
            BigInteger least = length == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(length - 1);
            BigInteger most = BigInteger.TEN.pow(length).subtract(BigInteger.ONE);
            byLength.add(sameLength(from.max(least).toString(), to.min(most).toString()));
        }
        return new Regex.Choice(byLength);
    }

    /** Digit strings between two strings of equal length. */
    private static Regex sameLength(String from, String to) {
        if (from.isEmpty()) {
            return Regex.text("");
        }
        if (from.equals("0".repeat(from.length())) && to.equals("9".repeat(to.length()))) {
            return new Regex.Repeat(DIGIT, from.length(), from.length());
        }
        char first = from.charAt(0);
        char last = to.charAt(0);
        int rest = from.length() - 1;
        if (first == last) {
            return Regex.sequence(Regex.chars(first, first), sameLength(from.substring(1), to.substring(1)));
        }
        List<Regex> options = new ArrayList<>();
        options.add(Regex.sequence(Regex.chars(first, first), sameLength(from.substring(1), "9".repeat(rest))));
        if (first + 1 < last) {
            options.add(Regex.sequence(Regex.chars(first + 1, last - 1), new Regex.Repeat(DIGIT, rest, rest)));
        }
        options.add(Regex.sequence(Regex.chars(last, last), sameLength("0".repeat(rest), to.substring(1))));
        return new Regex.Choice(options);
    }

    /**
     * Numbers between bounds with at most {@code fractionDigits} digits after the point: one automaton of the negative
     * numbers and one of the others, without empty automata.
     */
    static List<Automaton> decimals(String where, Optional<Bound> lowest, Optional<Bound> highest, int fractionDigits) {
        Bound zero = new Bound(BigDecimal.ZERO, true);
        List<Automaton> parts = new ArrayList<>();
        if (lowest.isEmpty() || lowest.get().value().signum() < 0) {
            Bound least = highest.filter(bound -> bound.value().signum() <= 0)
                    .map(NumberTexts::negated)
                    .orElse(zero);
            parts.add(between(where, "-", least, lowest.map(NumberTexts::negated), fractionDigits));
        }
        if (highest.isEmpty() || highest.get().value().signum() >= 0) {
            Bound least = lowest.filter(bound -> bound.value().signum() >= 0).orElse(zero);
            parts.add(between(where, "", least, highest, fractionDigits));
        }
        return parts.stream().filter(part -> !part.isEmpty()).toList();
    }

    private static Bound negated(Bound bound) {
        return new Bound(bound.value().negate(), bound.included());
    }

    private static Automaton between(String where, String sign, Bound least, Optional<Bound> most, int fractionDigits) {
        Regex form = Regex.sequence(Regex.text(sign), magnitudes(BigInteger.ZERO, MAX_BOUND), fraction(fractionDigits));
        Automaton enough = Automaton.of(where, form)
                .and(where, Automaton.of(where, Regex.sequence(Regex.text(sign), atLeast(least, fractionDigits))));
        return most.isEmpty()
                ? enough
                : enough.and(
                        where,
                        Automaton.of(where, Regex.sequence(Regex.text(sign), atMost(most.get(), fractionDigits))));
    }

    private static Regex atLeast(Bound bound, int fractionDigits) {
        BigInteger whole = bound.value().toBigInteger();
        Regex above = Regex.sequence(
                magnitudes(whole.add(BigInteger.ONE), MAX_BOUND.max(whole.add(BigInteger.ONE))),
                fraction(fractionDigits));
        return Regex.choice(
                above, Regex.sequence(Regex.text(whole.toString()), fractionAtLeast(bound, fractionDigits)));
    }

    private static Regex atMost(Bound bound, int fractionDigits) {
        BigInteger whole = bound.value().toBigInteger();
        Regex equal = Regex.sequence(Regex.text(whole.toString()), fractionAtMost(bound, fractionDigits));
        return whole.signum() == 0
                ? equal
                : Regex.choice(
                        Regex.sequence(
                                magnitudes(BigInteger.ZERO, whole.subtract(BigInteger.ONE)), fraction(fractionDigits)),
                        equal);
    }

    /** An optional decimal point with digits. */
    private static Regex fraction(int digits) {
        return digits == 0
                ? Regex.text("")
                : Regex.optional(Regex.sequence(Regex.text("."), new Regex.Repeat(DIGIT, 1, digits)));
    }

    private static Regex fractionAtLeast(Bound bound, int digits) {
        String fraction = fractionOf(bound, digits);
        Regex withPoint = digits == 0
                ? NOTHING
                : Regex.sequence(Regex.text("."), digitsAtLeast(fraction, bound.included(), digits));
        return fraction.isEmpty() && bound.included() ? Regex.choice(Regex.text(""), withPoint) : withPoint;
    }

    /** Digit strings whose value as a fraction is at least {@code fraction}, or greater if the bound is exclusive. */
    private static Regex digitsAtLeast(String fraction, boolean included, int digits) {
        if (fraction.isEmpty()) {
            Regex some = new Regex.Repeat(DIGIT, 0, digits);
            if (included) {
                return some;
            }
            return digits == 0
                    ? NOTHING
                    : Regex.sequence(
                            new Regex.Repeat(Regex.text("0"), 0, digits - 1),
                            Regex.chars('1', '9'),
                            new Regex.Repeat(DIGIT, 0, digits - 1));
        }
        char first = fraction.charAt(0);
        Regex equal =
                Regex.sequence(Regex.chars(first, first), digitsAtLeast(fraction.substring(1), included, digits - 1));
        return first == '9'
                ? equal
                : Regex.choice(
                        equal, Regex.sequence(Regex.chars(first + 1, '9'), new Regex.Repeat(DIGIT, 0, digits - 1)));
    }

    private static Regex fractionAtMost(Bound bound, int digits) {
        String fraction = fractionOf(bound, digits);
        if (digits == 0) {
            return bound.included() ? Regex.text("") : NOTHING;
        }
        Regex withPoint = Regex.sequence(Regex.text("."), digitsAtMost(fraction, bound.included(), digits));
        return fraction.isEmpty() && !bound.included() ? NOTHING : Regex.choice(Regex.text(""), withPoint);
    }

    private static Regex digitsAtMost(String fraction, boolean included, int digits) {
        if (fraction.isEmpty()) {
            return included ? new Regex.Repeat(Regex.text("0"), 0, digits) : NOTHING;
        }
        char first = fraction.charAt(0);
        String rest = fraction.substring(1);
        List<Regex> options = new ArrayList<>();
        options.add(Regex.sequence(
                Regex.chars(first, first),
                rest.isEmpty()
                        ? digitsAtMost(rest, included, digits - 1)
                        : Regex.optional(digitsAtMost(rest, included, digits - 1))));
        if (first > '0') {
            options.add(Regex.sequence(Regex.chars('0', first - 1), new Regex.Repeat(DIGIT, 0, digits - 1)));
        }
        return new Regex.Choice(options);
    }

    private static String fractionOf(Bound bound, int digits) {
        BigDecimal fraction = bound.value().remainder(BigDecimal.ONE).stripTrailingZeros();
        String text = fraction.signum() == 0 ? "" : fraction.toPlainString().substring(2);
        if (text.length() > Math.max(digits, 0)) {
            throw new UnsupportedConstraintException("", "bounds can have " + digits + " digits after the point here");
        }
        return text;
    }

    /** Multiples of an integer, with optional sign and leading zeros. */
    static Automaton multiples(String where, BigInteger factor) {
        if (factor.signum() <= 0 || factor.compareTo(BigInteger.valueOf(MAX_FACTOR)) > 0) {
            throw new UnsupportedConstraintException(where, "whole factors go from 1 to " + MAX_FACTOR);
        }
        int modulus = factor.intValueExact();
        List<CodePoints> symbols = new ArrayList<>();
        symbols.add(CodePoints.of('-'));
        IntStream.rangeClosed('0', '9').forEach(digit -> symbols.add(CodePoints.of(digit)));
        List<int[]> next = new ArrayList<>();
        // State 0: start; state 1: after the sign; state 2 + r: after digits with the remainder r.
        next.add(row(0, modulus, 1));
        next.add(row(0, modulus, -1));
        for (int remainder = 0; remainder < modulus; remainder++) {
            next.add(row(remainder, modulus, -1));
        }
        BitSet accepting = new BitSet();
        accepting.set(2);
        return new Automaton(symbols, next, accepting);
    }

    private static int[] row(int remainder, int modulus, int afterSign) {
        int[] row = new int[11];
        row[0] = afterSign;
        for (int digit = 0; digit < 10; digit++) {
            row[1 + digit] = 2 + (remainder * 10 + digit) % modulus;
        }
        return row;
    }
}
