package io.rootstock.inference.engine.scoring;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Prefix tree of the tokens of the texts that are decoded together: tokens that several texts begin with occur once. A
 * node is decoded in the sequences of all texts that go through it. Tokens of the retained path are in the KV cache and
 * have no node, but also no logits.
 */
final class TokenTree {
    private static final int ROOT = -1;

    private final int[] retained;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Edge, Node> children = new HashMap<>();

    /** @param retained tokens in the KV cache that texts may begin with */
    TokenTree(int... retained) {
        this.retained = retained;
    }

    /** A token after a parent; the parent is an index of a node, or {@link #ROOT} minus the number of retained tokens. */
    private record Edge(int parent, int token) {}

    /** A token to decode. */
    static final class Node {
        private final int index;
        private final int token;
        private final int position;
        private final BitSet sequences = new BitSet();
        /** Texts that need the logits after this token. */
        private final List<Reader> readers = new ArrayList<>();

        private Node(int index, int token, int position) {
            this.index = index;
            this.token = token;
            this.position = position;
        }

        int token() {
            return token;
        }

        /** Position in the sequences, from 0. */
        int position() {
            return position;
        }

        int[] sequences() {
            return sequences.stream().toArray();
        }

        List<Reader> readers() {
            return readers;
        }
    }

    /**
     * A text that needs the logits of a node.
     *
     * @param text the text
     * @param token index of the token in the text whose log-probability the logits give
     */
    record Reader(PackedText text, int token) {}

    /** Nodes in the order of insertion: a parent before its children. */
    List<Node> nodes() {
        return nodes;
    }

    /** Number of the retained tokens that a text begins with and whose logits it does not need. */
    int kept(int[] tokens, int outputsFrom) {
        int most = Math.min(retained.length, outputsFrom);
        int common = 0;
        while (common < most && retained[common] == tokens[common]) {
            common++;
        }
        return common;
    }

    /**
     * Number of nodes that inserting a text would add.
     *
     * @param tokens all tokens of the text; the last one is not decoded
     * @param outputsFrom first position whose logits are needed
     */
    int missing(int[] tokens, int outputsFrom) {
        int place = kept(tokens, outputsFrom);
        int parent = ROOT - place;
        for (; place < tokens.length - 1; place++) {
            Node child = children.get(new Edge(parent, tokens[place]));
            if (child == null) {
                break;
            }
            parent = child.index;
        }
        return tokens.length - 1 - place;
    }

    /** Inserts a text; returns the number of nodes that it added. */
    int insert(PackedText text) {
        int[] tokens = text.tokens();
        int before = nodes.size();
        int kept = kept(tokens, text.outputsFrom());
        int parent = ROOT - kept;
        for (int place = kept; place < tokens.length - 1; place++) {
            int position = place;
            Node node = children.computeIfAbsent(new Edge(parent, tokens[place]), edge -> {
                Node added = new Node(nodes.size(), edge.token(), position);
                nodes.add(added);
                return added;
            });
            node.sequences.set(text.sequence());
            if (place >= text.outputsFrom()) {
                node.readers.add(new Reader(text, place + 1));
            }
            parent = node.index;
        }
        return nodes.size() - before;
    }
}
