package io.rootstock.chat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits a rendered conversation at its special tokens, as transformers does: the text between two special tokens is
 * one fragment, so tokens may merge across the boundary of template text and content. Unlike in transformers, a special
 * token is recognized only if all of its characters are template text: content cannot forge one. Used for training rows
 * and prompts. Immutable.
 */
public final class FragmentSplitter {
    /** Texts of special tokens by their first character, longest first. */
    private final Map<Character, List<String>> tokensByFirst = new HashMap<>();

    /** @param specialTokens contents of the control tokens, none empty */
    public FragmentSplitter(Collection<String> specialTokens) {
        for (String token : specialTokens) {
            tokensByFirst
                    .computeIfAbsent(token.charAt(0), _ -> new ArrayList<>())
                    .add(token);
        }
        tokensByFirst
                .values()
                .forEach(tokens ->
                        tokens.sort(Comparator.comparingInt(String::length).reversed()));
    }

    /** Splits a rendered conversation; of several special tokens at one position it uses the longest. */
    public List<Fragment> split(List<Segment> segments) {
        StringBuilder rendered = new StringBuilder();
        BitSet template = new BitSet();
        BitSet answers = new BitSet();
        for (Segment segment : segments) {
            int from = rendered.length();
            rendered.append(segment.text());
            template.set(from, rendered.length(), segment.kind() == Segment.Kind.TEMPLATE);
            answers.set(from, rendered.length(), segment.answer());
        }
        String text = rendered.toString();
        List<Fragment> fragments = new ArrayList<>();
        int from = 0;
        int end = 0;
        int at = template.nextSetBit(0);
        while (at >= 0) {
            if (at >= end) {
                end = template.nextClearBit(at);
            }
            String token = tokenAt(text, at, end);
            if (token == null) {
                at = template.nextSetBit(at + 1);
            } else {
                addText(fragments, text, from, at, answers);
                from = at + token.length();
                fragments.add(new Fragment.Token(token, answers.get(at)));
                at = template.nextSetBit(from);
            }
        }
        addText(fragments, text, from, text.length(), answers);
        return List.copyOf(fragments);
    }

    /** The special token at a position of template text that ends at {@code end}; null if there is none. */
    private String tokenAt(String text, int at, int end) {
        for (String token : tokensByFirst.getOrDefault(text.charAt(at), List.of())) {
            if (at + token.length() <= end && text.startsWith(token, at)) {
                return token;
            }
        }
        return null;
    }

    private static void addText(List<Fragment> fragments, String text, int from, int to, BitSet answers) {
        if (to > from) {
            fragments.add(new Fragment.Text(text.substring(from, to), answers.get(from, to)));
        }
    }
}
