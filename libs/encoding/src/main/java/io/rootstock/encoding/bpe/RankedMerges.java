package io.rootstock.encoding.bpe;

import java.util.ArrayList;
import java.util.List;

/**
 * Merges of a vocabulary whose tokens have ranks: any two tokens merge whose bytes together are a token, the lowest rank
 * first, of equal ranks the leftmost.
 *
 * <p>Of the pairs whose bytes are one token, at most one is ever merged: as long as no merge crosses the boundaries of
 * the token's bytes, they are merged as they are alone, whatever the text around them. So the merge of a token is the
 * last one when its bytes are merged alone. A token that its bytes do not become is never the result of merges.
 */
final class RankedMerges {
    private final TokenIndex tokens;
    private final int[] ranks;
    private final boolean ofCharacters;

    /** Beginnings of the current tokens, and the end of the last one. */
    private final int[] bounds;

    private int count;

    private RankedMerges(TokenIndex tokens, int[] ranks, boolean ofCharacters) {
        this.tokens = tokens;
        this.ranks = ranks;
        this.ofCharacters = ofCharacters;
        this.bounds = new int[tokens.longest() + 1];
    }

    /**
     * Returns one merge for each token that merging can reach, in the order of ids.
     *
     * @param ranks rank of each token
     * @param ofCharacters whether merging begins with the UTF-8 characters of a text, else with its bytes
     */
    static List<Merge> of(TokenIndex tokens, int[] ranks, boolean ofCharacters) {
        RankedMerges ranked = new RankedMerges(tokens, ranks, ofCharacters);
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            byte[] token = tokens.bytes(id);
            ranked.split(token);
            while (ranked.count > 2 && ranked.mergeOne(token)) {
                // Until two tokens are left.
            }
            if (ranked.count == 2) {
                int left = tokens.idOf(token, 0, ranked.bounds[1]);
                int right = tokens.idOf(token, ranked.bounds[1], token.length);
                if (left >= 0 && right >= 0) {
                    merges.add(new Merge(left, right, id));
                }
            }
        }
        return merges;
    }

    private void split(byte[] token) {
        count = 0;
        for (int i = 0; i < token.length; i++) {
            if (!ofCharacters || token[i] >= (byte) 0xC0) {
                bounds[count++] = i;
            }
        }
        bounds[count] = token.length;
    }

    private boolean mergeOne(byte[] token) {
        int best = Integer.MAX_VALUE;
        int at = -1;
        for (int i = 0; i + 1 < count; i++) {
            int id = tokens.idOf(token, bounds[i], bounds[i + 2]);
            if (id >= 0 && ranks[id] < best) {
                best = ranks[id];
                at = i;
            }
        }
        if (at >= 0) {
            System.arraycopy(bounds, at + 2, bounds, at + 1, count - at - 1);
            count--;
        }
        return at >= 0;
    }
}
