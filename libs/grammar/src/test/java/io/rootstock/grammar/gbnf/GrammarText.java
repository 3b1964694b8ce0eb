package io.rootstock.grammar.gbnf;

import io.rootstock.grammar.regex.CodePoints;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Reference implementation of a GBNF grammar: matches texts and generates random ones. */
public final class GrammarText {
    private final Map<String, List<List<Gbnf.Part>>> rules;
    private final Map<String, Integer> shortest = new HashMap<>();

    public GrammarText(String grammar) {
        this.rules = GbnfParser.parse(grammar).rules();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Map.Entry<String, List<List<Gbnf.Part>>> rule : rules.entrySet()) {
                int depth = depth(rule.getValue()) + 1;
                if (depth < shortest.getOrDefault(rule.getKey(), 1 << 20)) {
                    shortest.put(rule.getKey(), depth);
                    changed = true;
                }
            }
        }
    }

    public boolean matches(String text) {
        int[] codePoints = text.codePoints().toArray();
        BitSet start = new BitSet();
        start.set(0);
        return new Matcher(codePoints).rule("root", start).get(codePoints.length);
    }

    /** Matches a text by sets of positions; the end positions of a rule from each start position are memoized. */
    private final class Matcher {
        private final int[] text;
        private final Map<String, Map<Integer, BitSet>> known = new HashMap<>();

        Matcher(int[] text) {
            this.text = text;
        }

        BitSet rule(String name, BitSet from) {
            BitSet reached = new BitSet();
            Map<Integer, BitSet> ends = known.computeIfAbsent(name, _ -> new HashMap<>());
            for (int place = from.nextSetBit(0); place >= 0; place = from.nextSetBit(place + 1)) {
                BitSet end = ends.get(place);
                if (end == null) {
                    BitSet one = new BitSet();
                    one.set(place);
                    end = alternatives(rules.get(name), one);
                    ends.put(place, end);
                }
                reached.or(end);
            }
            return reached;
        }

        private BitSet alternatives(List<List<Gbnf.Part>> alternatives, BitSet from) {
            BitSet reached = new BitSet();
            for (List<Gbnf.Part> sequence : alternatives) {
                BitSet at = from;
                for (Gbnf.Part part : sequence) {
                    at = part(part, at);
                    if (at.isEmpty()) {
                        break;
                    }
                }
                reached.or(at);
            }
            return reached;
        }

        private BitSet part(Gbnf.Part part, BitSet from) {
            return switch (part) {
                case Gbnf.Literal(List<Integer> literal) -> {
                    BitSet at = from;
                    for (int codePoint : literal) {
                        at = step(at, c -> c == codePoint);
                    }
                    yield at;
                }
                case Gbnf.Characters characters -> step(from, characters::matches);
                case Gbnf.Token _ -> throw new AssertionError("tokens are not texts");
                case Gbnf.Reference(String name) -> rule(name, from);
                case Gbnf.Group(List<List<Gbnf.Part>> alternatives) -> alternatives(alternatives, from);
                case Gbnf.Repeat(Gbnf.Part body, int minimum, int maximum) -> {
                    BitSet at = from;
                    for (int i = 0; i < minimum; i++) {
                        at = part(body, at);
                    }
                    BitSet reached = (BitSet) at.clone();
                    for (int i = minimum; (maximum < 0 || i < maximum) && !at.isEmpty(); i++) {
                        at = part(body, at);
                        at.andNot(reached);
                        reached.or(at);
                    }
                    yield reached;
                }
            };
        }

        private BitSet step(BitSet from, java.util.function.IntPredicate allowed) {
            BitSet reached = new BitSet();
            for (int place = from.nextSetBit(0);
                    place >= 0 && place < text.length;
                    place = from.nextSetBit(place + 1)) {
                if (allowed.test(text[place])) {
                    reached.set(place + 1);
                }
            }
            return reached;
        }
    }

    /** Generates a random text; after {@code budget} random choices it takes the shortest alternatives. */
    public String random(Random random, int budget) {
        StringBuilder text = new StringBuilder();
        int[] left = {budget};
        generate(new Gbnf.Reference("root"), random, left, text);
        return text.toString();
    }

    private void generate(Gbnf.Part part, Random random, int[] left, StringBuilder text) {
        switch (part) {
            case Gbnf.Literal(List<Integer> literal) -> literal.forEach(text::appendCodePoint);
            case Gbnf.Characters characters -> text.appendCodePoint(character(characters, random));
            case Gbnf.Token _ -> throw new AssertionError("tokens are not texts");
            case Gbnf.Reference(String name) -> choose(rules.get(name), random, left, text);
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) -> choose(alternatives, random, left, text);
            case Gbnf.Repeat(Gbnf.Part body, int minimum, int maximum) -> {
                int most = maximum < 0 ? minimum + 4 : maximum;
                int times = left[0] < 0 || most == minimum
                        ? minimum
                        : minimum
                                + (random.nextInt(4) == 0
                                        ? random.nextInt(most - minimum + 1)
                                        : random.nextInt(Math.min(most - minimum, 2) + 1));
                for (int i = 0; i < times; i++) {
                    generate(body, random, left, text);
                }
            }
        }
    }

    private void choose(List<List<Gbnf.Part>> alternatives, Random random, int[] left, StringBuilder text) {
        left[0]--;
        List<Gbnf.Part> chosen = left[0] >= 0
                ? alternatives.get(random.nextInt(alternatives.size()))
                : alternatives.stream()
                        .min(java.util.Comparator.comparingInt(this::sequenceDepth))
                        .orElseThrow();
        // A long chain of rules, one per automaton state, must not overflow this test's stack.
        for (Gbnf.Part part : chosen) {
            generate(part, random, left, text);
        }
    }

    private static int character(Gbnf.Characters characters, Random random) {
        List<CodePoints.Range> ranges = new ArrayList<>(characters.ranges());
        for (int attempt = 0; attempt < 10_000; attempt++) {
            CodePoints.Range range = ranges.get(random.nextInt(ranges.size()));
            int span = range.last() - range.first() + 1;
            int c = characters.negated()
                    ? 1 + random.nextInt(0x7E)
                    : range.first() + random.nextInt(random.nextBoolean() ? span : Math.min(span, 64));
            if (characters.matches(c) && CodePoints.ALL.contains(c)) {
                return c;
            }
        }
        throw new AssertionError("no character of " + characters);
    }

    private int depth(List<List<Gbnf.Part>> alternatives) {
        return alternatives.stream().mapToInt(this::sequenceDepth).min().orElse(0);
    }

    private int sequenceDepth(List<Gbnf.Part> sequence) {
        return sequence.stream().mapToInt(this::depth).max().orElse(0);
    }

    private int depth(Gbnf.Part part) {
        return switch (part) {
            case Gbnf.Literal _, Gbnf.Characters _, Gbnf.Token _ -> 0;
            case Gbnf.Reference(String name) -> shortest.getOrDefault(name, 1 << 20);
            case Gbnf.Group(List<List<Gbnf.Part>> alternatives) -> depth(alternatives);
            case Gbnf.Repeat(Gbnf.Part body, int minimum, int _) -> minimum == 0 ? 0 : depth(body);
        };
    }
}
