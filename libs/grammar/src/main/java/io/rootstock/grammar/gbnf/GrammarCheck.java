package io.rootstock.grammar.gbnf;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.regex.CodePoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rejects grammars for which llama.cpp would print an error or not terminate: it searches for left recursion without
 * considering rules that may be empty, in time that can double with every rule, and expands a rule that never ends
 * until memory is exhausted. {@link GrammarWork} bounds its work per token.
 */
public final class GrammarCheck {
    private static final int MAX_LENGTH = 4_000_000;
    private static final long MAX_ELEMENTS = 400_000;
    private static final long MAX_STEPS = 5_000_000;
    private static final long MAX_REPEATED = 2000;

    private final Map<String, List<List<Gbnf.Part>>> rules;
    private final Set<String> nullable = new HashSet<>();
    private final Set<String> productive = new HashSet<>();
    private final Map<String, Long> leftmostSteps = new HashMap<>();
    /** Rules in postorder: each after the rules that it can begin with. */
    private final List<String> finished = new ArrayList<>();

    private GrammarCheck(Gbnf grammar) {
        this.rules = grammar.rules();
    }

    /** Checks the text of a grammar. */
    public static void check(String text) {
        if (text.length() > MAX_LENGTH) {
            throw refused("a grammar can have " + MAX_LENGTH + " characters");
        }
        if (text.indexOf('\0') >= 0) {
            throw refused("a grammar cannot hold U+0000");
        }
        new GrammarCheck(GbnfParser.parse(text)).check();
    }

    private void check() {
        if (!rules.containsKey(GrammarRules.ROOT)) {
            throw refused("the grammar has no rule named " + GrammarRules.ROOT);
        }
        long elements = 0;
        for (Map.Entry<String, List<List<Gbnf.Part>>> rule : rules.entrySet()) {
            elements += elements(rule.getValue());
            if (elements > MAX_ELEMENTS) {
                throw refused("with all counts written out it has more than " + MAX_ELEMENTS + " elements");
            }
        }
        grow(nullable, true);
        grow(productive, false);
        rules.keySet().forEach(name -> {
            if (!productive.contains(name)) {
                throw refused("the rule " + name + " never comes to an end");
            }
        });
        requireNoLeftRecursion();
        GrammarWork work = new GrammarWork(rules, part -> can(part, nullable, true));
        finished.forEach(work::size);
        finished.forEach(work::ways);
        work.check();
    }

    /** Number of elements with repetitions expanded, as llama.cpp stores them. */
    private long elements(List<List<Gbnf.Part>> alternatives) {
        long total = alternatives.size();
        for (List<Gbnf.Part> sequence : alternatives) {
            for (Gbnf.Part part : sequence) {
                total += elements(part);
            }
        }
        return total;
    }

    private long elements(Gbnf.Part part) {
        return switch (part) {
            case Gbnf.Literal(List<Integer> codePoints) -> codePoints.size();
            case Gbnf.Characters(List<CodePoints.Range> ranges, boolean _) -> 2L * ranges.size();
            case Gbnf.Token _ -> 1;
            case Gbnf.Reference(String rule) -> {
                if (!rules.containsKey(rule)) {
                    throw refused("the grammar has no rule named " + rule);
                }
                yield 1;
            }
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) -> 1 + elements(alternatives);
            case Gbnf.Repeat(Gbnf.Part body, int minimum, int maximum) -> {
                long times = Math.max(1, Math.max(minimum, maximum));
                if (times > 1 && times * synthesized(body) >= MAX_REPEATED) {
                    throw refused("a count of " + times + " for so large a part; give the part a rule of its own");
                }
                yield elements(body) * times + 3 * times;
            }
        };
    }

    /** Number of rules that llama.cpp creates for a part. */
    private static long synthesized(Gbnf.Part part) {
        return switch (part) {
            case Gbnf.Literal _, Gbnf.Characters _, Gbnf.Token _, Gbnf.Reference _ -> 1;
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) -> {
                long rules = 1;
                for (List<Gbnf.Part> sequence : alternatives) {
                    for (Gbnf.Part inner : sequence) {
                        // A reference may be the first use of its rule, which then counts.
                        rules += inner instanceof Gbnf.Reference
                                        || inner instanceof Gbnf.Group
                                        || inner instanceof Gbnf.Repeat
                                ? synthesized(inner)
                                : 0;
                    }
                }
                yield rules;
            }
            case Gbnf.Repeat(Gbnf.Part body, int minimum, int maximum) ->
                synthesized(body) * Math.max(1, Math.max(minimum, maximum));
        };
    }

    /** Finds the rules that can be empty, or that can end: a rule can if all parts of one of its alternatives can. */
    private void grow(Set<String> found, boolean empty) {
        // Rules mostly refer to later ones: in reverse order, most are found in the first iteration.
        List<Map.Entry<String, List<List<Gbnf.Part>>>> backwards = new ArrayList<>(rules.entrySet()).reversed();
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Map.Entry<String, List<List<Gbnf.Part>>> rule : backwards) {
                if (!found.contains(rule.getKey()) && can(rule.getValue(), found, empty)) {
                    found.add(rule.getKey());
                    grown = true;
                }
            }
        }
    }

    private static boolean can(List<List<Gbnf.Part>> alternatives, Set<String> found, boolean empty) {
        return alternatives.stream().anyMatch(sequence -> sequence.stream().allMatch(part -> can(part, found, empty)));
    }

    private static boolean can(Gbnf.Part part, Set<String> found, boolean empty) {
        return switch (part) {
            case Gbnf.Literal _, Gbnf.Characters _, Gbnf.Token _ -> !empty;
            case Gbnf.Reference(String rule) -> found.contains(rule);
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) -> can(alternatives, found, empty);
            case Gbnf.Repeat(Gbnf.Part body, int minimum, int _) -> minimum == 0 || can(body, found, empty);
        };
    }

    /** Searches depth-first along the rules that each rule can begin with; reaching an open rule is left recursion. */
    private void requireNoLeftRecursion() {
        long total = 0;
        for (String name : rules.keySet()) {
            total += steps(name);
            if (total > MAX_STEPS) {
                throw refused("too many rules can begin with one another");
            }
        }
    }

    private long steps(String start) {
        Set<String> open = new HashSet<>();
        List<Frame> stack = new ArrayList<>();
        if (!leftmostSteps.containsKey(start)) {
            stack.add(new Frame(start));
            open.add(start);
        }
        while (!stack.isEmpty()) {
            Frame frame = stack.getLast();
            if (frame.next < frame.begins.size()) {
                String begin = frame.begins.get(frame.next++);
                if (open.contains(begin)) {
                    throw refused("the rule " + begin + " can begin with itself");
                }
                if (!leftmostSteps.containsKey(begin)) {
                    stack.add(new Frame(begin));
                    open.add(begin);
                }
                continue;
            }
            long sum = 1;
            for (String begin : frame.begins) {
                sum = Math.min(MAX_STEPS + 1, sum + leftmostSteps.get(begin));
            }
            leftmostSteps.put(frame.rule, sum);
            finished.add(frame.rule);
            open.remove(frame.rule);
            stack.removeLast();
        }
        return leftmostSteps.get(start);
    }

    /** A rule on the search stack, with the next rule to visit. */
    private final class Frame {
        private final String rule;
        private final List<String> begins = new ArrayList<>();
        private int next;

        Frame(String rule) {
            this.rule = rule;
            collectBegins(rules.get(rule), begins);
        }
    }

    private void collectBegins(List<List<Gbnf.Part>> alternatives, List<String> begins) {
        for (List<Gbnf.Part> sequence : alternatives) {
            for (Gbnf.Part part : sequence) {
                collectBegins(part, begins);
                if (!can(part, nullable, true)) {
                    break;
                }
            }
        }
    }

    private void collectBegins(Gbnf.Part part, List<String> begins) {
        switch (part) {
            case Gbnf.Literal _, Gbnf.Characters _, Gbnf.Token _ -> {}
            case Gbnf.Reference(String rule) -> begins.add(rule);
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) -> collectBegins(alternatives, begins);
            case Gbnf.Repeat(Gbnf.Part body, int _, int maximum) -> {
                if (maximum < 0 && can(body, nullable, true)) {
                    throw refused("something that may be empty is repeated without a limit");
                }
                collectBegins(body, begins);
            }
        }
    }

    private static UnsupportedConstraintException refused(String reason) {
        return new UnsupportedConstraintException("grammar", reason);
    }
}
