package io.rootstock.grammar.regex;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Converts a regular expression to an automaton: Thompson's construction, then subset construction. */
final class SubsetConstruction {
    private static final int MAX_STEPS = 40_000;
    private static final int MAX_WORK = 20_000_000;

    private final String where;
    private final Regex regex;

    /** Epsilon transitions: [state] to target states. */
    private final List<List<Integer>> free = new ArrayList<>();

    /** [state] to the characters that it reads; null for none. */
    private final List<CodePoints> reads = new ArrayList<>();

    /** [state] to the target state after reading. */
    private final List<Integer> target = new ArrayList<>();

    private long work;

    SubsetConstruction(String where, Regex regex) {
        this.where = where;
        this.regex = regex;
    }

    Automaton build() {
        int start = state();
        int end = add(regex, start);
        List<CodePoints> symbols = alphabet();
        Map<BitSet, Integer> ids = new HashMap<>();
        List<BitSet> subsets = new ArrayList<>();
        BitSet first = new BitSet();
        first.set(start);
        subsets.add(closed(first));
        ids.put(subsets.getFirst(), 0);
        List<int[]> next = new ArrayList<>();
        BitSet accepting = new BitSet();
        for (int subset = 0; subset < subsets.size(); subset++) {
            BitSet states = subsets.get(subset);
            accepting.set(subset, states.get(end));
            int[] row = new int[symbols.size()];
            for (int symbol = 0; symbol < row.length; symbol++) {
                int witness = symbols.get(symbol).ranges().getFirst().first();
                BitSet reached = new BitSet();
                for (int state = states.nextSetBit(0); state >= 0; state = states.nextSetBit(state + 1)) {
                    if (reads.get(state) != null && reads.get(state).contains(witness)) {
                        reached.set(target.get(state));
                    }
                }
                row[symbol] = reached.isEmpty()
                        ? -1
                        : ids.computeIfAbsent(closed(reached), created -> {
                            subsets.add(created);
                            return subsets.size() - 1;
                        });
            }
            next.add(row);
            Automaton.requireFew(where, subsets.size());
            work += (long) states.cardinality() * row.length;
            if (work > MAX_WORK) {
                throw new UnsupportedConstraintException(where, "too complex: make counts and alternatives fewer");
            }
        }
        return new Automaton(symbols, next, accepting);
    }

    private int add(Regex part, int from) {
        return switch (part) {
            case Regex.Chars(CodePoints set) -> {
                int to = state();
                int reader = state();
                free.get(from).add(reader);
                reads.set(reader, set);
                target.set(reader, to);
                yield to;
            }
            case Regex.Sequence(List<Regex> parts) -> {
                int at = from;
                for (Regex each : parts) {
                    at = add(each, at);
                }
                yield at;
            }
            case Regex.Choice(List<Regex> options) -> {
                int to = state();
                for (Regex each : options) {
                    int begin = state();
                    free.get(from).add(begin);
                    free.get(add(each, begin)).add(to);
                }
                yield to;
            }
            case Regex.Repeat repeat -> repeated(repeat, from);
        };
    }

    private int repeated(Regex.Repeat repeat, int from) {
        int at = from;
        for (int i = 0; i < repeat.minimum(); i++) {
            at = add(repeat.body(), at);
        }
        if (repeat.maximum() == Regex.Repeat.UNBOUNDED) {
            int loop = state();
            free.get(at).add(loop);
            free.get(add(repeat.body(), loop)).add(loop);
            int to = state();
            free.get(loop).add(to);
            return to;
        }
        int to = state();
        for (int i = repeat.minimum(); i < repeat.maximum(); i++) {
            free.get(at).add(to);
            int begin = state();
            free.get(at).add(begin);
            at = add(repeat.body(), begin);
        }
        free.get(at).add(to);
        return to;
    }

    private int state() {
        if (free.size() > MAX_STEPS) {
            throw new UnsupportedConstraintException(where, "too large: make counts smaller");
        }
        free.add(new ArrayList<>());
        reads.add(null);
        target.add(-1);
        return free.size() - 1;
    }

    private BitSet closed(BitSet states) {
        BitSet closure = (BitSet) states.clone();
        List<Integer> waiting = new ArrayList<>(states.stream().boxed().toList());
        while (!waiting.isEmpty()) {
            for (int reached : free.get(waiting.removeLast())) {
                if (!closure.get(reached)) {
                    closure.set(reached);
                    waiting.add(reached);
                }
            }
        }
        return closure;
    }

    /** Partitions the characters into classes: two are in one class if every set contains both or neither. */
    private List<CodePoints> alphabet() {
        List<CodePoints> sets = reads.stream()
                .filter(set -> set != null && !set.isEmpty())
                .distinct()
                .toList();
        TreeSet<Integer> cuts = new TreeSet<>();
        for (CodePoints set : sets) {
            for (CodePoints.Range range : set.ranges()) {
                cuts.add(range.first());
                cuts.add(range.last() + 1);
            }
        }
        Map<BitSet, List<CodePoints.Range>> classes = new LinkedHashMap<>();
        Integer from = null;
        for (int cut : cuts) {
            if (from != null) {
                BitSet members = new BitSet();
                for (int i = 0; i < sets.size(); i++) {
                    members.set(i, sets.get(i).contains(from));
                }
                if (!members.isEmpty()) {
                    classes.computeIfAbsent(members, _ -> new ArrayList<>()).add(new CodePoints.Range(from, cut - 1));
                }
            }
            from = cut;
        }
        List<CodePoints> symbols = new ArrayList<>();
        for (List<CodePoints.Range> ranges : classes.values()) {
            // The union merges adjacent ranges of a class.
            symbols.add(new CodePoints(List.copyOf(ranges)).plus(CodePoints.NONE));
        }
        return symbols;
    }
}
