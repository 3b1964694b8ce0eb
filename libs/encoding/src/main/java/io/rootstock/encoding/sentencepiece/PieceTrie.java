package io.rootstock.encoding.sentencepiece;

import io.rootstock.checkpoint.sentencepiece.Piece;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the longest user-defined piece at a position of a text. Immutable. */
final class PieceTrie {
    private static final class Node {
        final Map<Byte, Node> children = new HashMap<>();
        int id = -1;
    }

    private final Node root = new Node();
    private final boolean[] first = new boolean[256];

    /** Returns a trie of the pieces of type {@link Piece.Type#USER_DEFINED}. */
    static PieceTrie ofUserDefined(List<Piece> pieces) {
        PieceTrie trie = new PieceTrie();
        for (int id = 0; id < pieces.size(); id++) {
            if (pieces.get(id).type() == Piece.Type.USER_DEFINED) {
                trie.add(pieces.get(id).text().getBytes(StandardCharsets.UTF_8), id);
            }
        }
        return trie;
    }

    private void add(byte[] text, int id) {
        Node node = root;
        for (byte value : text) {
            node = node.children.computeIfAbsent(value, _ -> new Node());
        }
        node.id = id;
        first[Byte.toUnsignedInt(text[0])] = true;
    }

    /** Returns the number of bytes of the longest piece at {@code from}; 0 for none. */
    int longest(byte[] text, int from, int to) {
        if (!first[Byte.toUnsignedInt(text[from])]) {
            return 0;
        }
        int length = 0;
        Node node = root;
        for (int i = from; i < to; i++) {
            node = node.children.get(text[i]);
            if (node == null) {
                break;
            }
            if (node.id >= 0) {
                length = i + 1 - from;
            }
        }
        return length;
    }

    /** Returns the id of the piece {@code text[from, to)}, which exists. */
    int idOf(byte[] text, int from, int to) {
        Node node = root;
        for (int i = from; i < to; i++) {
            node = node.children.get(text[i]);
        }
        return node.id;
    }
}
