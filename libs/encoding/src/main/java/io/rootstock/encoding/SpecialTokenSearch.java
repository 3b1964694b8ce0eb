package io.rootstock.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds special tokens in UTF-8: the first occurrence, at one position the longest. A trie of the tokens' bytes, so that
 * the time does not depend on their number. Immutable.
 */
public final class SpecialTokenSearch {
    private static final int SPLIT = 256;

    /** Child by node and byte, 0 for none; node 0 is the root. */
    private int[] children = new int[SPLIT];

    /** Index of the token that ends at a node plus 1; 0 for none. */
    private int[] ends = new int[1];

    private int nodes = 1;
    private final List<SpecialToken> tokens;

    /**
     * An occurrence of a token.
     *
     * @param start index of its first byte
     * @param end index after its last byte
     */
    private record Occurrence(SpecialToken token, int start, int end) {}

    /** Consumer of the text between two tokens: {@code [start, end)}, not empty. */
    @FunctionalInterface
    public interface PartConsumer {
        void accept(int start, int end);
    }

    /**
     * @param tokens the tokens to find
     */
    public SpecialTokenSearch(List<SpecialToken> tokens) {
        this.tokens = tokens;
        for (int index = 0; index < tokens.size(); index++) {
            int node = 0;
            for (byte value : tokens.get(index).text().getBytes(StandardCharsets.UTF_8)) {
                int edge = node * SPLIT + Byte.toUnsignedInt(value);
                if (children[edge] == 0) {
                    children[edge] = nodes++;
                    if (nodes > ends.length) {
                        ends = Arrays.copyOf(ends, nodes * 2);
                        children = Arrays.copyOf(children, nodes * 2 * SPLIT);
                    }
                }
                node = children[edge];
            }
            if (node != 0 && ends[node] == 0) {
                ends[node] = index + 1;
            }
        }
    }

    /**
     * Finds all tokens in {@code text[from, to)}: passes the parts between them to {@code parts} and the ids of the
     * tokens to {@code output}, in order.
     *
     * @throws SpecialTokenInTextException if the policy is REFUSE and a control token is found
     */
    public void forEachPart(
            byte[] text, int from, int to, SpecialTokenPolicy policy, PartConsumer parts, TokenBuffer output) {
        int position = from;
        for (Occurrence found = next(text, from, to); found != null; found = next(text, position, to)) {
            if (policy == SpecialTokenPolicy.REFUSE && found.token.control()) {
                throw new SpecialTokenInTextException(found.token.text(), Utf8.utf16Length(text, from, found.start));
            }
            if (position < found.start) {
                parts.accept(position, found.start);
            }
            output.add(found.token.id());
            position = found.end;
        }
        if (position < to) {
            parts.accept(position, to);
        }
    }

    /** Returns the first occurrence in {@code text[from, to)}, or null. */
    private Occurrence next(byte[] text, int from, int to) {
        if (nodes == 1) {
            return null;
        }
        for (int start = from; start < to; start++) {
            if (children[Byte.toUnsignedInt(text[start])] != 0) {
                Occurrence found = at(text, start, to);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private Occurrence at(byte[] text, int start, int to) {
        int node = 0;
        Occurrence longest = null;
        for (int i = start; i < to; i++) {
            node = children[node * SPLIT + Byte.toUnsignedInt(text[i])];
            if (node == 0) {
                break;
            }
            if (ends[node] > 0) {
                longest = new Occurrence(tokens.get(ends[node] - 1), start, i + 1);
            }
        }
        return longest;
    }
}
