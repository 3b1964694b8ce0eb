package io.rootstock.encoding.bpe;

import java.util.Arrays;

/** A growable array of token ids. */
final class TokenBuffer {
    private int[] ids = new int[64];
    private int size;

    void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
    }

    void add(int[] more, int count) {
        if (size + count > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(size + count, size * 2));
        }
        System.arraycopy(more, 0, ids, size, count);
        size += count;
    }

    int[] toArray() {
        return Arrays.copyOf(ids, size);
    }
}
