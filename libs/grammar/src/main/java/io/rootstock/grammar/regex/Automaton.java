package io.rootstock.grammar.regex;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A set of texts as a deterministic finite automaton; state 0 is the start. Deterministic, because llama.cpp's grammar
 * engine follows all alternatives at once: with one possible transition it has one alternative to follow.
 */
public final class Automaton {
    public static final int MAX_STATES = 4000;
    private static final int NOWHERE = -1;

    /** The alphabet, partitioned into classes of characters with equal transitions. */
    private final List<CodePoints> symbols;

    /** Transition table: [state][symbol] to state, or {@link #NOWHERE}. */
    private final int[][] next;

    private final BitSet accepting;

    public Automaton(List<CodePoints> symbols, List<int[]> next, BitSet accepting) {
        this.symbols = List.copyOf(symbols);
        this.next = next.toArray(int[][]::new);
        this.accepting = accepting;
    }

    /** The automaton of a regular expression. */
    public static Automaton of(String where, Regex regex) {
        return new SubsetConstruction(where, regex).build().minimized();
    }

    public int states() {
        return next.length;
    }

    public boolean accepts(int state) {
        return accepting.get(state);
    }

    /** Whether the automaton accepts no text. */
    public boolean isEmpty() {
        return accepting.isEmpty();
    }

    /** Outgoing transitions of a state: maps each target to its characters. */
    public Map<Integer, CodePoints> transitions(int state) {
        Map<Integer, CodePoints> targets = new LinkedHashMap<>();
        for (int symbol = 0; symbol < symbols.size(); symbol++) {
            if (next[state][symbol] != NOWHERE) {
                targets.merge(next[state][symbol], symbols.get(symbol), CodePoints::plus);
            }
        }
        return targets;
    }

    /** Whether the automaton accepts this text. */
    public boolean matches(String text) {
        int state = 0;
        for (int codePoint : text.codePoints().toArray()) {
            int target = NOWHERE;
            for (int symbol = 0; symbol < symbols.size() && target == NOWHERE; symbol++) {
                if (symbols.get(symbol).contains(codePoint)) {
                    target = next[state][symbol];
                }
            }
            if (target == NOWHERE) {
                return false;
            }
            state = target;
        }
        return accepting.get(state);
    }

    /** An automaton that accepts exactly the texts that both accept. */
    public Automaton and(String where, Automaton other) {
        return combined(where, other, true);
    }

    /** Difference: the texts that this automaton accepts and the other rejects. */
    public Automaton minus(String where, Automaton other) {
        return combined(where, other, false);
    }

    private record Pair(int mine, int theirs) {}

    private Automaton combined(String where, Automaton other, boolean both) {
        List<CodePoints> joint = new ArrayList<>();
        List<Pair> origin = new ArrayList<>();
        for (int mine = 0; mine < symbols.size(); mine++) {
            CodePoints rest = symbols.get(mine);
            for (int theirs = 0; theirs < other.symbols.size(); theirs++) {
                CodePoints common = symbols.get(mine).and(other.symbols.get(theirs));
                if (!common.isEmpty()) {
                    joint.add(common);
                    origin.add(new Pair(mine, theirs));
                    rest = rest.minus(common);
                }
            }
            if (!both && !rest.isEmpty()) {
                joint.add(rest);
                origin.add(new Pair(mine, NOWHERE));
            }
        }
        Map<Pair, Integer> ids = new HashMap<>();
        List<Pair> pairs = new ArrayList<>();
        pairs.add(new Pair(0, 0));
        ids.put(pairs.getFirst(), 0);
        List<int[]> table = new ArrayList<>();
        BitSet accepted = new BitSet();
        for (int state = 0; state < pairs.size(); state++) {
            Pair pair = pairs.get(state);
            boolean otherAccepts = pair.theirs != NOWHERE && other.accepting.get(pair.theirs);
            accepted.set(state, accepting.get(pair.mine) && otherAccepts == both);
            int[] row = new int[joint.size()];
            for (int symbol = 0; symbol < row.length; symbol++) {
                int mine = next[pair.mine][origin.get(symbol).mine];
                int theirs = pair.theirs == NOWHERE || origin.get(symbol).theirs == NOWHERE
                        ? NOWHERE
                        : other.next[pair.theirs][origin.get(symbol).theirs];
                if (mine == NOWHERE || (both && theirs == NOWHERE)) {
                    row[symbol] = NOWHERE;
                    continue;
                }
                row[symbol] = ids.computeIfAbsent(new Pair(mine, theirs), created -> {
                    pairs.add(created);
                    return pairs.size() - 1;
                });
            }
            table.add(row);
            requireFew(where, pairs.size());
        }
        return new Automaton(joint, table, accepted).minimized();
    }

    static void requireFew(String where, int states) {
        if (states > MAX_STATES) {
            throw new UnsupportedConstraintException(
                    where, "too complex: it needs more than " + MAX_STATES + " states; make counts smaller");
        }
    }

    /** The minimal equivalent automaton, without states from which no text is accepted. */
    private Automaton minimized() {
        BitSet alive = alive();
        int[] group = new int[next.length];
        for (int state = 0; state < next.length; state++) {
            group[state] = !alive.get(state) ? NOWHERE : accepting.get(state) ? 1 : 0;
        }
        int groups = 0;
        while (true) {
            Map<List<Integer>, Integer> signatures = new HashMap<>();
            int[] refined = new int[next.length];
            for (int state = 0; state < next.length; state++) {
                if (group[state] == NOWHERE) {
                    refined[state] = NOWHERE;
                    continue;
                }
                List<Integer> signature = new ArrayList<>(symbols.size() + 1);
                signature.add(group[state]);
                for (int target : next[state]) {
                    signature.add(target == NOWHERE ? NOWHERE : group[target]);
                }
                refined[state] = signatures.computeIfAbsent(signature, _ -> signatures.size());
            }
            group = refined;
            if (signatures.size() == groups) {
                break;
            }
            groups = signatures.size();
        }
        return groups == 0 ? nothing() : quotient(group, groups);
    }

    /** States from which a text is accepted. */
    private BitSet alive() {
        BitSet alive = (BitSet) accepting.clone();
        boolean grown = true;
        while (grown) {
            grown = false;
            for (int state = next.length - 1; state >= 0; state--) {
                if (!alive.get(state)
                        && Arrays.stream(next[state]).anyMatch(target -> target != NOWHERE && alive.get(target))) {
                    alive.set(state);
                    grown = true;
                }
            }
        }
        return alive;
    }

    private static Automaton nothing() {
        return new Automaton(List.of(), List.of(new int[0]), new BitSet());
    }

    private Automaton quotient(int[] group, int groups) {
        if (group[0] == NOWHERE) {
            return nothing();
        }
        // The group of the start state becomes state 0.
        int start = group[0];
        int[][] table = new int[groups][];
        BitSet accepted = new BitSet();
        for (int state = 0; state < next.length; state++) {
            if (group[state] == NOWHERE || table[swap(group[state], start)] != null) {
                continue;
            }
            int id = swap(group[state], start);
            accepted.set(id, accepting.get(state));
            table[id] = Arrays.stream(next[state])
                    .map(target -> target == NOWHERE || group[target] == NOWHERE ? NOWHERE : swap(group[target], start))
                    .toArray();
        }
        return new Automaton(symbols, List.of(table), accepted);
    }

    private static int swap(int id, int start) {
        return id == start ? 0 : id == 0 ? start : id;
    }
}
