package io.rootstock.encoding;

import java.util.Arrays;

/** A growable array of token ids, to be reused for many texts. Not safe for several threads. */
public final class TokenBuffer {
    private int[] ids = new int[64];
    private int size;

    /** Number of token ids. */
    public int size() {
        return size;
    }

    /**
     * Returns a token id.
     *
     * @param index 0 to {@link #size()} - 1
     */
    public int get(int index) {
        return ids[index];
    }

    /** Removes all token ids and keeps the memory. */
    public void clear() {
        size = 0;
    }

    /** Returns a copy of the token ids. */
    public int[] toArray() {
        return Arrays.copyOf(ids, size);
    }

    /** Keeps one of several consecutive ids that are equal to {@code id}, from index {@code from} on. */
    public void removeRepetitions(int from, int id) {
        int kept = from;
        for (int i = from; i < size; i++) {
            if (kept == from || ids[i] != id || ids[kept - 1] != id) {
                ids[kept++] = ids[i];
            }
        }
        size = kept;
    }

    /** Appends an id. */
    public void add(int id) {
        reserve(1);
        ids[size++] = id;
    }

    /** Appends {@code more[from]} to {@code more[from + count - 1]}. */
    public void add(int[] more, int from, int count) {
        reserve(count);
        System.arraycopy(more, from, ids, size, count);
        size += count;
    }

    /** Makes room for {@code count} ids, to be written from {@link #size()}. */
    public int[] reserve(int count) {
        if (size + count > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(Math.addExact(size, count), size + (size >> 1)));
        }
        return ids;
    }

    /** Ends the ids that were written into {@link #reserve}'s array; also removes ids from the end. */
    public void setSize(int size) {
        this.size = size;
    }
}
