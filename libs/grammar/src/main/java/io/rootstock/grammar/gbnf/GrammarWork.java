package io.rootstock.grammar.gbnf;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Estimates llama.cpp's maximum work for one token of a grammar. At each position it follows all possible next
 * elements, for each of them all elements that can follow, and compares each of those with the others: the sum, over
 * the next elements, of the squared number of elements after each. 200 consecutive optional parts are 2.7 million
 * comparisons, which took 0.16 s on a busy machine; 1,500 would block all other streams for minutes. Enclosing rules
 * are included as far as they do not repeat.
 */
final class GrammarWork {
    private static final double MAX = 4e6;
    /** Maximum nesting of rules that may each continue after the inner rule has ended. */
    private static final int MAX_DEPTH = 200;

    private static final double MAX_WAYS = 1e4;

    private final Map<String, List<List<Gbnf.Part>>> rules;
    private final Predicate<Gbnf.Part> nullable;
    private final Map<String, Double> sizes = new HashMap<>();
    private final Map<String, Ways> ways = new HashMap<>();
    /** Upper bound of the elements that can follow each rule. */
    private final Map<String, Double> tails = new HashMap<>();

    /**
     * Possible next elements at one position.
     *
     * @param open number of elements after which the end of the part may be reached
     * @param sum sum, over the open elements, of the elements after each, without those behind the part
     * @param squares sum, over all elements, of the squared number of elements after each
     */
    private record Ways(double open, double sum, double squares) {
        static final Ways NONE = new Ways(0, 0, 0);

        Ways plus(Ways other) {
            return new Ways(open + other.open, sum + other.sum, squares + other.squares);
        }

        /**
         * These elements, followed by {@code more} elements behind the part.
         *
         * @param stillOpen whether the end of the enclosing part may be reached too
         */
        Ways before(double more, boolean stillOpen) {
            double all = work(more);
            return stillOpen ? new Ways(open, sum + open * more, all) : new Ways(0, 0, all);
        }

        /** Total work if {@code tail} elements can follow the part. */
        double work(double tail) {
            return squares + 2 * sum * tail + open * tail * tail;
        }
    }

    /**
     * Estimates the work of a grammar without left recursion.
     *
     * @param nullable whether a part may be empty
     */
    GrammarWork(Map<String, List<List<Gbnf.Part>>> rules, Predicate<Gbnf.Part> nullable) {
        this.rules = rules;
        this.nullable = nullable;
    }

    /** Adds the size of a rule; call it after those of all rules that it can begin with. */
    void size(String rule) {
        sizes.put(
                rule,
                rules.get(rule).stream()
                        .mapToDouble(sequence -> size(sequence, 0))
                        .sum());
    }

    /**
     * Adds the next elements of a rule, in the order of {@link #size(String)}, once the sizes of all rules are known.
     */
    void ways(String rule) {
        ways.put(rule, alternatives(rules.get(rule)));
    }

    /** Rejects the grammar if the work at a position exceeds the limit. */
    void check() {
        boolean grown = true;
        for (int round = 0; grown && round < MAX_DEPTH; round++) {
            Map<String, Double> before = Map.copyOf(tails);
            rules.forEach((rule, alternatives) ->
                    alternatives.forEach(sequence -> tails(sequence, tails.getOrDefault(rule, 0.0))));
            grown = !tails.equals(before);
        }
        rules.forEach((rule, alternatives) ->
                alternatives.forEach(sequence -> check(rule, sequence, tails.getOrDefault(rule, 0.0))));
    }

    private void tails(List<Gbnf.Part> sequence, double tail) {
        double behind = tail;
        for (Gbnf.Part part : sequence.reversed()) {
            tails(part, behind);
            behind = size(part) + (nullable.test(part) ? behind : 0);
        }
    }

    private void tails(Gbnf.Part part, double tail) {
        switch (part) {
            case Gbnf.Literal _, Gbnf.Characters _, Gbnf.Token _ -> {}
            case Gbnf.Reference(String rule) -> tails.merge(rule, Math.min(tail, MAX_WAYS), Math::max);
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) ->
                alternatives.forEach(sequence -> tails(sequence, tail));
            case Gbnf.Repeat repeat -> tails(repeat.body(), tail + again(repeat));
        }
    }

    private void check(String rule, List<Gbnf.Part> sequence, double tail) {
        double behind = tail;
        Ways from = Ways.NONE;
        for (Gbnf.Part part : sequence.reversed()) {
            boolean empty = nullable.test(part);
            check(rule, part, behind);
            from = empty
                    ? ways(part).before(behind, false).plus(from)
                    : ways(part).before(behind, false);
            if (from.squares() > MAX) {
                throw new UnsupportedConstraintException(
                        "grammar",
                        "within the rule " + rule
                                + " a text can continue in too many ways; let fewer optional parts follow"
                                + " each other");
            }
            behind = size(part) + (empty ? behind : 0);
        }
    }

    private void check(String rule, Gbnf.Part part, double tail) {
        switch (part) {
            case Gbnf.Literal _, Gbnf.Characters _, Gbnf.Token _, Gbnf.Reference _ -> {}
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) ->
                alternatives.forEach(sequence -> check(rule, sequence, tail));
            case Gbnf.Repeat repeat -> check(rule, repeat.body(), tail + again(repeat));
        }
    }

    private double size(List<Gbnf.Part> sequence, int from) {
        double size = 0;
        for (int i = from; i < sequence.size(); i++) {
            size += size(sequence.get(i));
            if (!nullable.test(sequence.get(i))) {
                break;
            }
        }
        return size;
    }

    /** Number of elements that a part can begin with. */
    private double size(Gbnf.Part part) {
        return switch (part) {
            case Gbnf.Literal _, Gbnf.Characters _, Gbnf.Token _ -> 1;
            case Gbnf.Reference(String rule) -> sizes.get(rule);
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) ->
                alternatives.stream().mapToDouble(sequence -> size(sequence, 0)).sum();
            case Gbnf.Repeat repeat -> size(repeat.body()) + (nullable.test(repeat.body()) ? again(repeat) : 0);
        };
    }

    /** Number of elements that a repetition can begin with after its first iteration. */
    private double again(Gbnf.Repeat repeat) {
        double more = repeat.maximum() < 0 ? 1 : Math.max(0, repeat.maximum() - 1);
        return size(repeat.body()) * (nullable.test(repeat.body()) ? more : Math.min(1, more));
    }

    private Ways ways(Gbnf.Part part) {
        return switch (part) {
            case Gbnf.Literal(List<Integer> codePoints) ->
                codePoints.size() == 1 ? new Ways(1, 0, 0) : new Ways(0, 0, 1);
            case Gbnf.Characters _, Gbnf.Token _ -> new Ways(1, 0, 0);
            case Gbnf.Reference(String rule) -> ways.get(rule);
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) -> alternatives(alternatives);
            case Gbnf.Repeat repeat -> {
                Ways once = ways(repeat.body());
                double again = again(repeat);
                Ways all = once.before(again, true);
                if (nullable.test(repeat.body())) {
                    double size = size(repeat.body());
                    for (double rest = again - size; size > 0 && rest >= 0; rest -= size) {
                        all = all.plus(once.before(rest, true));
                    }
                }
                yield all;
            }
        };
    }

    private Ways alternatives(List<List<Gbnf.Part>> alternatives) {
        Ways all = Ways.NONE;
        for (List<Gbnf.Part> sequence : alternatives) {
            all = all.plus(sequence(sequence));
        }
        return all;
    }

    private Ways sequence(List<Gbnf.Part> sequence) {
        Ways from = Ways.NONE;
        double behind = 0;
        boolean open = true;
        int begin = 0;
        while (begin < sequence.size() - 1 && nullable.test(sequence.get(begin))) {
            begin++;
        }
        for (int i = sequence.size() - 1; i >= 0; i--) {
            Gbnf.Part part = sequence.get(i);
            boolean empty = nullable.test(part);
            if (i <= begin) {
                Ways own = ways(part).before(behind, open);
                from = empty ? own.plus(from) : own;
            }
            behind = size(part) + (empty ? behind : 0);
            open &= empty;
        }
        return from;
    }
}
