package io.rootstock.encoding.bpe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of all tokens in one array, and an open-addressed hash table from bytes to id. Keys are compared in full.
 * Immutable after construction.
 */
final class TokenIndex {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] pool;
    private final int[] begins;
    private final int[] slots;
    private final int shift;
    private final int longest;

    /**
     * @param tokens bytes in id order; empty bytes are not found; of equal bytes, the highest id is found
     */
    TokenIndex(List<byte[]> tokens) {
        begins = new int[tokens.size() + 1];
        int bytes = 0;
        int longestToken = 0;
        for (int id = 0; id < tokens.size(); id++) {
            bytes = Math.addExact(bytes, tokens.get(id).length);
            begins[id + 1] = bytes;
            longestToken = Math.max(longestToken, tokens.get(id).length);
        }
        longest = longestToken;
        pool = new byte[bytes];
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(8, tokens.size() * 2L));
        shift = 64 - bits;
        slots = new int[1 << bits];
        Arrays.fill(slots, -1);
        for (int id = 0; id < tokens.size(); id++) {
            byte[] token = tokens.get(id);
            System.arraycopy(token, 0, pool, begins[id], token.length);
            if (token.length > 0) {
                slots[slot(token, 0, token.length)] = id;
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
        return to - from > longest ? -1 : slots[slot(text, from, to)];
    }

    /** Returns the slot of these bytes, or the free one where they belong. */
    private int slot(byte[] text, int from, int to) {
        int slot = (int) (hash(text, from, to) >>> shift);
        while (slots[slot] >= 0 && !Arrays.equals(pool, begins[slots[slot]], begins[slots[slot] + 1], text, from, to)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    static long hash(byte[] text, int from, int to) {
        long hash = to - from;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONG.get(text, i));
        }
        long rest = 0;
        for (; i < to; i++) {
            rest = rest << 8 | Byte.toUnsignedLong(text[i]);
        }
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        long product = value * 0x9E3779B97F4A7C15L;
        return (product ^ product >>> 32) * 0xC2B2AE3D27D4EB4FL;
    }
}
