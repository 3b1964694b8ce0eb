package io.rootstock.encoding.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * The bytes of all tokens in one array, and an open-addressed hash table from bytes to id. Keys are compared in full.
 * Immutable after construction.
 */
final class TokenIndex {
    private static final long EMPTY = -1;
    private static final int ID_BITS = 32;

    private final byte[] pool;
    private final int[] begins;

    /** By slot, the low half of a token's hash, then its id; -1 for none. */
    private final long[] slots;

    private final int shift;
    private final int longest;

    /**
     * @param tokens bytes in id order; empty bytes are not found; of equal bytes, the highest id is found
     */
    TokenIndex(List<byte[]> tokens) {
        begins = new int[tokens.size() + 1];
        int bytes = 0;
        int present = 0;
        int longestToken = 0;
        for (int id = 0; id < tokens.size(); id++) {
            bytes = Math.addExact(bytes, tokens.get(id).length);
            begins[id + 1] = bytes;
            present += tokens.get(id).length > 0 ? 1 : 0;
            longestToken = Math.max(longestToken, tokens.get(id).length);
        }
        longest = longestToken;
        pool = new byte[bytes];
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(8, present * 2L));
        shift = 64 - bits;
        slots = new long[1 << bits];
        Arrays.fill(slots, EMPTY);
        for (int id = 0; id < tokens.size(); id++) {
            byte[] token = tokens.get(id);
            System.arraycopy(token, 0, pool, begins[id], token.length);
            if (token.length > 0) {
                long hash = WordHash.of(token, 0, token.length);
                slots[slot(hash, token, 0, token.length)] = hash << ID_BITS | id;
            }
        }
    }

    int size() {
        return begins.length - 1;
    }

    /** Number of bytes of the longest token. */
    int longest() {
        return longest;
    }

    int length(int id) {
        return begins[id + 1] - begins[id];
    }

    byte[] bytes(int id) {
        return Arrays.copyOfRange(pool, begins[id], begins[id + 1]);
    }

    /** Returns the id of the token with these bytes, or -1. */
    int idOf(byte[] text, int from, int to) {
        return to - from > longest ? -1 : (int) slots[slot(WordHash.of(text, from, to), text, from, to)];
    }

    /** Returns the slot of these bytes, or the free one where they belong. */
    private int slot(long hash, byte[] text, int from, int to) {
        int slot = (int) (hash >>> shift);
        while (true) {
            long entry = slots[slot];
            if (entry == EMPTY) {
                return slot;
            }
            // The low half of the hash is in the high half of the entry.
            if ((int) (entry >>> ID_BITS) == (int) hash) {
                int id = (int) entry;
                if (Arrays.equals(pool, begins[id], begins[id + 1], text, from, to)) {
                    return slot;
                }
            }
            slot = slot + 1 & slots.length - 1;
        }
    }
}
