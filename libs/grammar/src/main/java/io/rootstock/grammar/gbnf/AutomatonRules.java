package io.rootstock.grammar.gbnf;

import io.rootstock.grammar.regex.Automaton;
import io.rootstock.grammar.regex.CodePoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Converts automata and lists of texts to rules: one rule per state, so that one alternative is active at a time. */
public final class AutomatonRules {
    /** Characters that need no escape in a JSON string. */
    public static final CodePoints UNESCAPED = CodePoints.ALL
            .minus(CodePoints.range(0, 0x1F))
            .minus(CodePoints.of('"'))
            .minus(CodePoints.of('\\'));

    private static final Map<Character, Integer> SHORT_ESCAPES =
            new TreeMap<>(Map.of('"', (int) '"', '\\', (int) '\\', 'b', 8, 'f', 12, 'n', 10, 'r', 13, 't', 9));

    private final GrammarRules rules;

    public AutomatonRules(GrammarRules rules) {
        this.rules = rules;
    }

    /** Rules for the automaton's texts; returns the rule of the start state. */
    public String plain(Automaton automaton, String hint) {
        return states(automaton, hint, false);
    }

    /** Rules for the automaton's texts as JSON strings, with quotes and escapes. */
    public String quoted(Automaton automaton, String hint) {
        return rules.rule(hint, "\"\\\"\" " + states(automaton, hint, true) + " \"\\\"\"");
    }

    private String states(Automaton automaton, String hint, boolean json) {
        String prefix = rules.fresh(hint);
        for (int state = 0; state < automaton.states(); state++) {
            List<String> alternatives = new ArrayList<>();
            if (automaton.accepts(state)) {
                alternatives.add("\"\"");
            }
            automaton
                    .transitions(state)
                    .forEach((target, set) -> alternatives.add(
                            (json ? escaped(set) : GrammarRules.characters(set)) + " " + prefix + "-" + target));
            rules.define(prefix + "-" + state, String.join(" | ", alternatives));
        }
        return prefix + "-0";
    }

    /** A character of a set, escaped for a JSON string. */
    private static String escaped(CodePoints set) {
        List<String> forms = new ArrayList<>();
        CodePoints plain = set.and(UNESCAPED);
        if (!plain.isEmpty()) {
            forms.add(GrammarRules.characters(plain));
        }
        CodePoints left = set.minus(UNESCAPED);
        CodePoints letters = CodePoints.NONE;
        for (Map.Entry<Character, Integer> escape : SHORT_ESCAPES.entrySet()) {
            if (left.contains(escape.getValue())) {
                letters = letters.plus(CodePoints.of(escape.getKey()));
                left = left.minus(CodePoints.of(escape.getValue()));
            }
        }
        if (!letters.isEmpty()) {
            forms.add("\"\\\\\" " + GrammarRules.characters(letters));
        }
        for (int codePoint = 1; codePoint < 0x20; codePoint++) {
            if (left.contains(codePoint)) {
                forms.add(GrammarRules.literal("\\u%04x".formatted(codePoint)));
            }
        }
        return forms.size() == 1 ? forms.getFirst() : "(" + String.join(" | ", forms) + ")";
    }

    /** Rules for one of several texts, with common prefixes shared; returns the rule. */
    public String choices(List<String> texts, String hint) {
        Trie trie = new Trie();
        texts.forEach(trie::add);
        return trie.write(rules, hint);
    }

    /** Prefix tree of texts. */
    private static final class Trie {
        private final Map<Integer, Trie> children = new TreeMap<>();
        private boolean ends;

        void add(String text) {
            Trie node = this;
            for (int codePoint : text.codePoints().toArray()) {
                node = node.children.computeIfAbsent(codePoint, _ -> new Trie());
            }
            node.ends = true;
        }

        String write(GrammarRules rules, String hint) {
            // Iterative, because texts may be long.
            List<Trie> branches = new ArrayList<>();
            branches.add(this);
            List<List<Branch>> edges = new ArrayList<>();
            for (int i = 0; i < branches.size(); i++) {
                List<Branch> outgoing = new ArrayList<>();
                for (Map.Entry<Integer, Trie> child : branches.get(i).children.entrySet()) {
                    StringBuilder label = new StringBuilder().appendCodePoint(child.getKey());
                    Trie node = child.getValue();
                    while (!node.ends && node.children.size() == 1) {
                        Map.Entry<Integer, Trie> only =
                                node.children.entrySet().iterator().next();
                        label.appendCodePoint(only.getKey());
                        node = only.getValue();
                    }
                    branches.add(node);
                    outgoing.add(new Branch(label.toString(), branches.size() - 1));
                }
                edges.add(outgoing);
            }
            String prefix = rules.fresh(hint);
            for (int i = 0; i < branches.size(); i++) {
                List<String> alternatives = new ArrayList<>();
                if (branches.get(i).ends) {
                    alternatives.add("\"\"");
                }
                for (Branch branch : edges.get(i)) {
                    boolean leaf = branches.get(branch.target).children.isEmpty();
                    alternatives.add(
                            GrammarRules.literal(branch.label) + (leaf ? "" : " " + prefix + "-" + branch.target));
                }
                if (i == 0 || !branches.get(i).children.isEmpty()) {
                    rules.define(prefix + "-" + i, String.join(" | ", alternatives));
                }
            }
            return prefix + "-0";
        }

        private record Branch(String label, int target) {}
    }
}
